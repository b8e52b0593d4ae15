package main

import (
	"crypto/tls"
	"strconv"
	"sync/atomic"
	"time"

	"annuaire/internal/config"
	"annuaire/internal/limits"
	"annuaire/internal/obs"
	"annuaire/ldapd"
)

// ldapOptions are the settings of the LDAP front.
func (s *server) ldapOptions() ldapd.Options {
	c := s.cfg.LDAP
	anonymous, token := classes(s.cfg)
	return ldapd.Options{Directory: s.d, Tokens: s.tokens, Certificates: s.tokens, TLS: s.tls(), Guard: s.guesses,
		MailboxBase: c.MailboxBase, PeopleBase: c.PeopleBase, NoAnonymous: !c.Anonymous, Strict: c.Strict,
		Limiter: s.limiter, Anonymous: anonymous, Token: token,
		Limits:  ldapd.Limits{Entries: c.Entries, Connections: c.Connections, PerAddress: c.PerAddress, Idle: c.IdleTime(), Budget: s.cfg.Limits.Budget()},
		Metrics: newLDAPMetrics(s.metrics),
		Logger:  s.log, Training: s.cfg.Mode == config.Training, Version: version}
}

// classes are what anybody may ask, and who shows a token: over REST and LDAP together.
func classes(cfg config.Config) (anonymous, token limits.Class) {
	l := cfg.Limits
	return limits.Class{RPS: float64(l.AnonymousRPS), Burst: l.AnonymousBurst, PeoplePerHour: l.AnonymousPeoplePerHour},
		limits.Class{RPS: float64(l.ReaderRPS), Burst: l.ReaderBurst}
}

// tls is the certificate of [tls], and whose client certificates say who is calling; nil without one.
func (s *server) tls() *tls.Config {
	if s.files == nil {
		return nil
	}
	c := s.files.Config()
	if s.clients != nil {
		c.ClientCAs, c.ClientAuth = s.clients, tls.VerifyClientCertIfGiven
	}
	return c
}

// ldapMetrics counts what the LDAP front does.
type ldapMetrics struct {
	metrics     *obs.Metrics
	connections atomic.Int64
}

func newLDAPMetrics(m *obs.Metrics) *ldapMetrics {
	l := &ldapMetrics{metrics: m}
	m.Gauge("annuaire_ldap_connections", "Open LDAP connections.", nil, func() float64 { return float64(l.connections.Load()) })
	return l
}

// Connections implements ldapd.Metrics.
func (l *ldapMetrics) Connections(delta int) { l.connections.Add(int64(delta)) }

// Answered implements ldapd.Metrics: the outcome is the resultCode (RFC 4511, 4.1.9), "abandoned" for what was.
func (l *ldapMetrics) Answered(operation string, code int, took time.Duration, _, _ int) {
	outcome := "abandoned"
	if code >= 0 {
		outcome = strconv.Itoa(code)
	}
	l.metrics.Observe("ldap", operation, outcome, took)
}
