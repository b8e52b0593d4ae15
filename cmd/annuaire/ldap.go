package main

import (
	"crypto/tls"

	"annuaire/internal/config"
	"annuaire/internal/limits"
	"annuaire/ldapd"
)

// ldapOptions are the settings of the LDAP front.
func (s *server) ldapOptions() ldapd.Options {
	c, l := s.cfg.LDAP, s.cfg.Limits
	return ldapd.Options{Directory: s.d, Tokens: s.tokens, Certificates: s.tokens, TLS: s.tls(), Guard: s.guesses,
		MailboxBase: c.MailboxBase, PeopleBase: c.PeopleBase, NoAnonymous: !c.Anonymous, Strict: c.Strict,
		Limiter:   s.limiter,
		Anonymous: limits.Class{RPS: float64(l.AnonymousRPS), Burst: l.AnonymousBurst, PeoplePerHour: l.AnonymousPeoplePerHour},
		Token:     limits.Class{RPS: float64(l.ReaderRPS), Burst: l.ReaderBurst},
		Limits:    ldapd.Limits{Entries: c.Entries, Connections: c.Connections, PerAddress: c.PerAddress, Idle: c.IdleTime(), Budget: l.Budget()},
		Metrics:   newLDAPMetrics(s.metrics),
		Logger:    s.log, Training: s.cfg.Mode == config.Training, Version: version}
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
