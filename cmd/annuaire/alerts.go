package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"time"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/alert/dispatch"
	"annuaire/internal/alert/spool"
	"annuaire/internal/cli"
	"annuaire/internal/config"
	"annuaire/internal/mailaddr"
	"annuaire/internal/relay"
	"annuaire/internal/tlsfiles"
)

// newDesk opens the desk of alerts as the settings say.
func (s *server) newDesk() (*dispatch.Desk, error) {
	a := s.cfg.Alert
	o := dispatch.Options{Letterhead: dispatch.Letterhead{Issuer: a.Issuer, From: a.From, Training: s.cfg.Mode == config.Training}, PublicURL: a.PublicURL,
		Listed: s.mayWriteFrom, Seeds: a.Seeds, Retention: a.Keep(), Log: s.log}
	o.Sending = dispatch.SenderOptions{Connections: a.Connections, PerDomain: a.PerDomain, DomainRate: float64(a.DomainRate), Window: a.Window, RetryBase: a.Retry(), Skip: s.unreachable}
	if o.Training {
		o.Sending.TrainingDomain = mailaddr.Training
	}
	var roots *x509.CertPool
	if a.CAFile != "" {
		var err error
		if roots, err = tlsfiles.Authorities(a.CAFile); err != nil {
			return nil, cli.Usage(fmt.Errorf("alert.ca_file: %w", err))
		}
	}
	for _, addr := range a.Relays {
		o.Sending.Relays = append(o.Sending.Relays, relay.Relay{Addr: addr, Security: securities[a.Security], Roots: roots, User: a.User, PasswordFile: a.PasswordFile, Hello: a.Hello, DSN: a.Receipts})
	}
	return dispatch.NewDesk(s.d.Ledger, s.d.Path("alerts"), dispatch.NewAim(s.d.Ledger, s.d, s.registry, a.RedList), o)
}

// mayWriteFrom reports whether mail may come from a domain: on the white list, and of training or not, as this instance is.
func (s *server) mayWriteFrom(domain string) bool {
	if mailaddr.Under(domain, mailaddr.Training) != (s.cfg.Mode == config.Training) {
		return false
	}
	if listed := s.registry.Policy().Listed; listed != nil {
		return listed(domain)
	}
	return mailaddr.Under(domain, mailaddr.MSSante)
}

// unreachable says why a frozen recipient is not written to after all: what became of the mailbox since.
func (s *server) unreachable(r spool.Recipient) string {
	reason, known, err := s.registry.Standing(r.Address)
	if err != nil || known {
		return reason
	}
	if _, err := s.d.Mailbox(context.Background(), r.Address); annuaire.CodeOf(err) == annuaire.CodeNotFound { // it has left the national directory
		return "gone"
	}
	return ""
}

// alertGauges are for those who watch the service.
func (s *server) alertGauges() {
	s.metrics.Gauge("annuaire_alerts_sending", "Alerts under way, paused ones too.", nil, func() float64 { return float64(s.desk.Load().Sending) })
	s.metrics.Gauge("annuaire_alert_messages_waiting", "Messages of alerts that are still to be handed over.", nil, func() float64 { return float64(s.desk.Load().Waiting) })
	s.metrics.Gauge("annuaire_alert_relay_trouble", "1 while messages wait and no relay answers.", nil, func() float64 {
		return lo.Ternary(s.desk.Load().Trouble, 1.0, 0.0)
	})
}

// eraseEvery is how often it is looked whether recipients of ended alerts have to be erased.
const eraseEvery = time.Hour

// eraseRecipients erases those whose time is over.
func (s *server) eraseRecipients(ctx context.Context) {
	if _, err := s.desk.Erase(ctx); err != nil {
		s.log.Error("old recipients could not be erased", "error", err.Error())
	}
}

// takeReports takes reports of delivery until ctx ends, where the settings say so.
func (s *server) takeReports(ctx context.Context) error {
	if s.cfg.Alert.LMTP == "" {
		return nil
	}
	ln, err := net.Listen("tcp", s.cfg.Alert.LMTP)
	if err != nil { // the rest of the service goes on
		s.log.Error("reports of delivery are not taken", "error", err.Error())
		return nil
	}
	return s.desk.ServeLMTP(ctx, ln)
}
