package main

import (
	"cmp"
	"context"
	"log/slog"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/access"
	"annuaire/internal/audit"
	"annuaire/internal/cli"
	"annuaire/internal/config"
	"annuaire/internal/directory"
	"annuaire/internal/limits"
	"annuaire/internal/obs"
	"annuaire/internal/oidc"
)

// callers is how the fronts know who is calling, and what is kept of those who are not believed.
type callers struct {
	tokens   *access.Registry
	ids      *oidc.Set // nil: no identity provider is believed
	guesses  *limits.Guard
	refusals *audit.Refusals
	refused  *prometheus.CounterVec
}

func newCallers(cfg config.Config, d *directory.Directory, l *limits.Limiter, m *obs.Metrics, log *slog.Logger) (*callers, error) {
	c := &callers{tokens: access.New(d.Ledger), refusals: audit.NewRefusals(d.Ledger.AuditNow, nil), refused: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "annuaire_auth_refused_total", Help: "Tokens, certificates and identities that were refused, by front and rule."}, []string{"front", "rule"})}
	m.Register(c.refused)
	c.guesses = limits.NewGuard(l, func(r limits.Refusal) {
		c.refused.WithLabelValues(r.Front, r.Rule).Inc()
		c.refusals.Add(audit.Refusal(r))
	})
	c.tokens.SetOperators(operatorsOf(cfg))
	var err error
	c.ids, err = identities(cfg, log)
	return c, err
}

// operatorsOf are those of [[operators]].
func operatorsOf(cfg config.Config) []access.Operator {
	return lo.Map(cfg.Operators, func(o config.Operator, _ int) access.Operator { return access.Operator(o) })
}

// identities are the providers of [[oidc]]; nil for none. It asks nobody anything.
func identities(cfg config.Config, log *slog.Logger) (*oidc.Set, error) {
	if len(cfg.OIDC) == 0 {
		return nil, nil
	}
	set, err := oidc.New(lo.Map(cfg.OIDC, func(o config.OIDC, _ int) oidc.Issuer { return issuerOf(o) }), log, nil)
	if err != nil {
		return nil, cli.Usage(err)
	}
	return set, nil
}

// issuerOf is a preset with what the configuration says otherwise.
func issuerOf(o config.OIDC) oidc.Issuer {
	i := oidc.Presets[o.Preset]
	i.URL, i.Ask = cmp.Or(o.Issuer, i.URL), cmp.Or(oidc.Ask(o.Ask), i.Ask, oidc.AskNever)
	if i.Name = cmp.Or(o.Name, i.Name); i.Name == "" {
		if u, err := url.Parse(i.URL); err == nil {
			i.Name = u.Host
		}
	}
	i.Audiences, i.Clients, i.Claims, i.ACR, i.Skew, i.Always = o.Audiences, o.ClientIDs, o.Claims, o.ACR, o.SkewTime(), o.AskAlways
	i.Introspection, i.Userinfo, i.ClientID, i.SecretFile = o.Introspection, o.Userinfo, o.ClientID, o.ClientSecretFile
	i.CAFile, i.CertFile, i.KeyFile = o.CAFile, o.Cert, o.Key
	return i
}

// anchorEvery is how often the log says where the audit stands: whoever keeps the log elsewhere can hold the audit against it.
const anchorEvery = 24 * time.Hour

// anchor says in the log where the audit stands.
func (s *server) anchor(context.Context) {
	head, err := s.d.Ledger.AuditHead()
	if err != nil {
		s.log.Error("the audit cannot be read", "error", err.Error())
	} else if head.Seq > 0 {
		s.log.Info("audit anchor", "anchor", head.String())
	}
}

// keepRefusals writes refusals into the audit until ctx ends.
func (s *server) keepRefusals(ctx context.Context) {
	s.refusals.Keep(ctx, func(err error) { s.log.Error("refusals could not be written into the audit", "error", err.Error()) })
}

// auditLocal writes what somebody at this machine is about to do; user is who the machine says they are.
func auditLocal(d *directory.Directory, user, what, target, why string, after any) error {
	e := annuaire.LocalCaller(user).Event(what, target)
	e.Why, e.After = why, after
	return d.Ledger.AuditNow(e)
}
