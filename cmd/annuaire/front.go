package main

import (
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/api"
	"annuaire/internal/alert"
	"annuaire/internal/config"
	"annuaire/internal/directory"
	"annuaire/internal/obs"
)

// front is the REST front, which a new configuration replaces as a whole: requests under way end on the old one, whoever follows the feed
// is sent away and comes back where it was (Last-Event-ID). What clients have used of their limits stays used.
type front struct{ cur atomic.Pointer[api.Server] }

func newFront(s *server) *front {
	f := &front{}
	f.swap(s.newREST(s.cfg))
	return f
}

// newREST makes a REST front of settings.
func (s *server) newREST(cfg config.Config) *api.Server {
	o := restOptions(cfg, s.d, s.health, s.log)
	o.Tokens, o.Keeper, o.Certificates, o.Guard = s.tokens, s.tokens, s.tokens, s.guesses
	if s.ids != nil {
		o.Identities = s.ids
	}
	o.Audiences, o.Alerts = alert.New(s.d.Ledger, s.d, s.registry, alert.Policy{RedListed: cfg.Alert.RedList}), s.desk
	o.Personal = s.people
	o.Limiter, o.Syncs = s.limiter, syncFront{s.syncs, cfg.Sync.Sources}
	o.Registry, o.Answers, o.Eligibilities = s.boxes.registry, s.boxes.answers, s.boxes.judge(s.d)
	o.Runs, o.Metrics, o.Observe = s.d, s.metrics.Handler(), s.metrics.ObserveHTTP
	if from, until, ok := cfg.Maintenance.Window(); ok {
		o.Maintenance = &annuaire.Maintenance{From: from, Until: until, French: cfg.Maintenance.Message, English: cfg.Maintenance.MessageEN}
	}
	return api.New(o)
}

func (f *front) swap(next *api.Server) {
	if old := f.cur.Swap(next); old != nil {
		old.Close()
	}
}

// ServeHTTP implements http.Handler.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.cur.Load().ServeHTTP(w, r) }

// Close ends the answers that have no end of their own.
func (f *front) Close() { f.cur.Load().Close() }

// restOptions are the settings of the REST front.
func restOptions(cfg config.Config, d *directory.Directory, health *obs.Health, log *slog.Logger) api.Options {
	l := cfg.Limits
	anonymous, token := classes(cfg)
	return api.Options{Directory: d, Health: health, Logger: log, Training: cfg.Mode == config.Training, Version: version, Audit: d.Ledger,
		Budget: l.Budget(), Origins: cfg.HTTP.CORSOrigins, Plain: !cfg.HTTP.Compression, Pages: cfg.HTTP.Pages,
		Proxies: proxies(cfg),
		Limits:  api.Limits{Exports: l.Exports, Anonymous: anonymous, Token: token}}
}

// proxies are the networks whose X-Forwarded-For is believed.
func proxies(cfg config.Config) []*net.IPNet {
	return lo.FilterMap(cfg.HTTP.TrustedProxies, func(p string, _ int) (*net.IPNet, bool) {
		_, n, err := net.ParseCIDR(p)
		return n, err == nil // Validate has looked
	})
}
