package main

import (
	"context"
	"log/slog"
	"os/signal"
	"reflect"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"annuaire/internal/config"
	"annuaire/internal/obs"
)

// atomicSeconds is a time that several goroutines use.
type atomicSeconds struct{ atomic.Int64 }

// reloadable has SIGHUP read the settings again, from now on: before anybody can know that the service is there.
func (o *operation) reloadable(level *slog.LevelVar, load func() (config.Config, error)) {
	o.level, o.load = level, load
	signal.Notify(o.hup, syscall.SIGHUP)
}

// reload takes up the settings as they are now. Bad ones change nothing: the service goes on with those it has. What only a restart can
// change is said, and stays.
func (s *server) reload() {
	s.reloads.at.Store(time.Now().Unix())
	fixed, err := s.takeUp()
	if err != nil {
		s.log.Error("the new configuration is bad: the old one stays", "error", err.Error())
		s.reloads.good.Store(0)
		return
	}
	if s.files != nil {
		if err := s.files.Reload(); err != nil {
			s.log.Error("the new certificate cannot be used: the old one stays", "error", err.Error())
		}
	}
	s.prune()
	s.reloads.good.Store(1)
	s.log.Warn("the new configuration is taken up")
	if len(fixed) > 0 {
		s.log.Warn("settings that only a restart changes", "settings", strings.Join(fixed, ", "))
	}
}

// takeUp reads the settings again and, once all of them are known to be good, goes by them. It returns what only a restart changes.
func (s *server) takeUp() (fixed []string, err error) {
	next, err := s.load()
	if err != nil {
		return nil, err
	}
	fixed = keepFixed(s.cfg, &next)
	level, err := obs.ParseLevel(next.Log.Level)
	if err != nil {
		return nil, err
	}
	settings, err := syncSettings(next)
	if err != nil {
		return nil, err
	}
	ids, err := identities(next, s.log)
	if err != nil {
		return nil, err
	}
	if err := s.boxes.reconfigure(context.Background(), next); err != nil {
		return nil, err
	}
	if err := auditLocal(s.d, "", "config.reload", "", "", nil); err != nil { // a full disk does not keep an administrator from lowering a limit
		s.log.Error("the reload could not be written into the audit", "error", err.Error())
	}
	s.level.Set(level)
	settings.Beside = loadCards(s.d.Ledger)
	s.syncs.Configure(settings)
	s.cfg = next
	s.tokens.SetOperators(operatorsOf(next))
	old := s.ids
	s.ids = ids
	s.rest.swap(s.newREST(next))
	s.open.Trust(proxies(next))
	if old != nil {
		old.Close()
	}
	s.guard.Set(alarmOf(next))
	s.d.KeepGenerations(next.Storage.KeepGenerations)
	return fixed, nil
}

// keepFixed puts back what only a restart can change and names what differed.
func keepFixed(old config.Config, next *config.Config) (names []string) {
	for _, f := range []struct {
		name      string
		old, next any // pointers of one type
	}{
		{"data", &old.Data, &next.Data}, {"mode", &old.Mode, &next.Mode}, {"log.format", &old.Log.Format, &next.Log.Format},
		{"listen.http", &old.Listen.HTTP, &next.Listen.HTTP}, {"listen.https", &old.Listen.HTTPS, &next.Listen.HTTPS},
		{"listen.ldap", &old.Listen.LDAP, &next.Listen.LDAP}, {"listen.ldaps", &old.Listen.LDAPS, &next.Listen.LDAPS},
		{"tls.cert", &old.TLS.Cert, &next.TLS.Cert}, {"tls.key", &old.TLS.Key, &next.TLS.Key}, {"tls.client_ca", &old.TLS.ClientCA, &next.TLS.ClientCA},
		{"sync.schedule", &old.Sync.Schedule, &next.Sync.Schedule}, {"sync.timezone", &old.Sync.Timezone, &next.Sync.Timezone},
		{"sync.jitter", &old.Sync.Jitter, &next.Sync.Jitter},
		{"notify", &old.Notify, &next.Notify}, {"ldap", &old.LDAP, &next.LDAP}, {"alert", &old.Alert, &next.Alert},
	} {
		if !reflect.DeepEqual(f.old, f.next) {
			names = append(names, f.name)
			reflect.ValueOf(f.next).Elem().Set(reflect.ValueOf(f.old).Elem())
		}
	}
	return names
}

// gauges adds what the server itself measures.
func (s *server) gauges() {
	s.alertGauges()
	s.reloads.good.Store(1)
	s.boxes.gauges(s.metrics)
	s.metrics.Gauge("annuaire_config_reload_good", "1 unless the last reload of the settings was refused.", nil, func() float64 { return float64(s.reloads.good.Load()) })
	s.metrics.Gauge("annuaire_config_reload_timestamp_seconds", "When the settings were last reloaded; 0 for never.", nil, func() float64 { return float64(s.reloads.at.Load()) })
	s.metrics.Gauge("annuaire_feed_followers", "Clients that follow /v1/changes.", nil, func() float64 { n, _ := s.rest.cur.Load().UnderWay(); return float64(n) })
	s.metrics.Gauge("annuaire_exports_running", "Exports under way.", nil, func() float64 { _, n := s.rest.cur.Load().UnderWay(); return float64(n) })
}
