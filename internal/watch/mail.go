package watch

import (
	"context"
	"crypto/rand"
	"time"

	"annuaire/internal/notify"
	"annuaire/internal/relay"
)

// Mail sends the few messages of an alarm through a relay. The zero Mail sends nothing.
type Mail struct {
	Relay        string // host:port
	From         string
	To           []string
	User         string // "": no authentication
	PasswordFile string
}

// mailTimeout bounds the whole conversation with the relay.
const mailTimeout = 30 * time.Second

// Send sends one message of plain text. TLS is used whenever the relay offers it, and required before a password is said: an alarm that cannot be
// sent because of a certificate would be worse than one that others read.
func (m Mail) Send(ctx context.Context, subject, body string) error {
	if len(m.To) == 0 {
		return nil
	}
	r := notify.Relay{Relay: relay.Relay{Addr: m.Relay, Security: relay.Offered, User: m.User, PasswordFile: m.PasswordFile}, From: m.From, Timeout: mailTimeout}
	return r.Send(ctx, notify.Message{ID: rand.Text() + "@" + notify.DomainOf(m.From), To: m.To, Subject: subject, Text: body, Date: time.Now().UTC()})
}
