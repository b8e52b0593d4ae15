package notify

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"annuaire/internal/relay"
)

// Relay writes messages from one address through an SMTP server. It greets it as the domain of that address.
type Relay struct {
	relay.Relay
	From    string        // of the header and of the envelope
	Timeout time.Duration // of one conversation; 0 is half a minute
}

// Refusal is an answer of the relay that trying again does not change.
type Refusal struct {
	Code     int    // of SMTP (RFC 5321, 4.2)
	Enhanced string // RFC 3463, "" where the relay gives none
}

// Error names the codes alone: what a relay says in words may hold the address.
func (r *Refusal) Error() string {
	return strings.TrimSpace(fmt.Sprintf("refused by the relay: %d %s", r.Code, r.Enhanced))
}

// ErrSome wraps what went wrong for some of several recipients, where the relay has taken the message for the others: to send it again would
// have these told again.
var ErrSome = errors.New("not for all of those it is to")

// Send implements Sender, one conversation for one message. Of several recipients each is written to by itself: that one is refused keeps
// nothing from the others (ErrSome).
func (r Relay) Send(ctx context.Context, m Message) error {
	text, err := r.compose(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(r.Timeout, 30*time.Second))
	defer cancel()
	r.Hello = cmp.Or(r.Hello, DomainOf(r.From))
	conn, err := relay.Dial(ctx, r.Relay)
	if err != nil {
		return fmt.Errorf("no conversation with the relay: %w", err)
	}
	defer conn.Close()
	taken := 0
	for _, to := range m.To {
		answer, broken := conn.Send(relay.Envelope{From: r.From, To: to}, func(w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(text))
			return err
		})
		if broken == nil && answer.Accepted() {
			taken++
		}
		err = errors.Join(err, outcome(answer, broken))
		if broken != nil && !errors.Is(broken, relay.ErrAddress) || answer.Code == 421 {
			break // whoever comes after was not written to, which err says
		}
	}
	if err != nil && taken > 0 {
		return errors.Join(ErrSome, err)
	}
	return err
}

// outcome tells a refusal from what may go better next time.
func outcome(r relay.Reply, err error) error {
	switch {
	case errors.Is(err, relay.ErrAddress):
		return &Refusal{Code: 553} // RFC 5321, 4.2.3: mailbox name not allowed
	case err != nil:
		return fmt.Errorf("the conversation with the relay broke off: %w", err)
	case r.Accepted():
		return nil
	case r.Permanent():
		return &Refusal{Code: r.Code, Enhanced: r.Enhanced}
	}
	return fmt.Errorf("not taken by the relay: %d %s", r.Code, r.Enhanced)
}

// DomainOf is what stands right of @ in an address.
func DomainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return cmp.Or(domain, "localhost")
}
