package main

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"annuaire/internal/config"
	"annuaire/internal/directory"
	"annuaire/internal/notify"
	"annuaire/internal/registry"
	"annuaire/internal/relay"
	"annuaire/internal/replay"
)

// personalService is the delegations and accounts of a server, and the messages about them.
type personalService struct {
	*registry.Personal
	outbox *notify.Outbox
	log    *slog.Logger
}

func newPersonalService(cfg config.Config, d *directory.Directory, r *registry.Registry, log *slog.Logger) *personalService {
	outbox := notify.New(d.Ledger, outboxOptions(cfg, log))
	return &personalService{Personal: registry.NewPersonal(d.Ledger, d, outbox, registry.PersonalOptions{Registry: r, ForgetAnswers: replay.Forget}), outbox: outbox, log: log}
}

// securities are the words of the settings for how connections to a relay are kept from others: [notify] and [alert] have some of their own.
var securities = map[string]relay.Security{"starttls": relay.StartTLS, "tls": relay.TLS, "implicit": relay.TLS, "offered": relay.Offered, "none": relay.Plain}

func outboxOptions(cfg config.Config, log *slog.Logger) notify.Options {
	n := cfg.Notify
	o := notify.Options{Training: cfg.Mode == config.Training, Sink: n.Sink, Logger: log}
	o.Expiry, o.First, o.Longest = n.Times()
	if n.SMTP != "" {
		_, o.Domain, _ = strings.Cut(n.From, "@")
		o.Sender = notify.Relay{Relay: relay.Relay{Addr: n.SMTP, Security: securities[n.Security], User: n.User, PasswordFile: n.PasswordFile}, From: n.From}
	}
	return o
}

// Times between looks at what goes on by itself.
const (
	announceEvery = 24 * time.Hour  // at the version of the terms
	outboxAgain   = 1 * time.Minute // after an error of the store
)

// send sends what people are to be told until ctx ends.
func (p *personalService) send(ctx context.Context) {
	every(ctx, outboxAgain, func(ctx context.Context) {
		if err := p.outbox.Run(ctx); err != nil {
			p.log.Error("messages to people cannot be read or noted: trying again in a minute", "error", err.Error())
		}
	})
}

// announce tells people of new terms.
func (p *personalService) announce(ctx context.Context) {
	switch n, err := p.AnnounceTerms(ctx); {
	case err != nil && ctx.Err() == nil:
		p.log.Error("new terms could not be told", "error", err.Error())
	case n > 0:
		p.log.Info("new terms are told", "people", n)
	}
}
