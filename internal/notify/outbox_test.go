package notify

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"annuaire"
	"annuaire/internal/relay"
	"annuaire/internal/store"
)

func TestOutbox(t *testing.T) {
	t.Run("what is due is sent over STARTTLS, as plain text that says it was made by a machine, and is gone", func(t *testing.T) {
		r := newRelay(t, true)
		b := newBench(t, r.sender())
		b.put("k", contact)
		b.round()
		b.waiting(0)
		got := r.messages()
		if len(got) != 1 || !got[0].secure || got[0].to != "<"+contact+">" || !strings.HasSuffix(got[0].id, "@annuaire.example>") {
			t.Fatalf("%+v", got)
		}
		subject, _ := new(mime.WordDecoder).DecodeHeader(got[0].subject)
		body, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(got[0].body)))
		if subject != "Délégation ajoutée" || err != nil || !strings.Contains(string(body), "À bientôt : une ligne assez longue pour qu'elle soit coupée au transport, et remise ensuite comme elle était.") {
			t.Errorf("%q %q", subject, body)
		}
		if len(b.failures()) != 0 {
			t.Error(b.failures())
		}
	})
	t.Run("nothing is sent before it is due, and Run waits until then", func(t *testing.T) {
		r := newRelay(t, true)
		b := newBench(t, r.sender())
		r.onRcpt = func(int) error {
			return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "later"}
		}
		b.put("k", contact)
		wait := b.round()
		if wait < 20*time.Second || wait > 40*time.Second {
			t.Errorf("the second attempt is in %v", wait)
		}
		if b.round(); r.sessions != 1 {
			t.Errorf("%d attempts before it was due", r.sessions)
		}
	})
	t.Run("messages do not wait for each other: several conversations go on at a time", func(t *testing.T) {
		m := &meeting{of: conversations, met: make(chan struct{})}
		b := newBench(t, m)
		for i := range 3 * conversations {
			b.put(strconv.Itoa(i), contact)
		}
		b.round()
		b.waiting(0)
		if got := m.most.Load(); got != conversations {
			t.Error(got, "at a time")
		}
	})
	t.Run("a 4xx is tried again, later each time, until it is taken", func(t *testing.T) {
		r := newRelay(t, true)
		b := newBench(t, r.sender())
		r.onRcpt = func(n int) error {
			if n < 4 {
				return &smtp.SMTPError{Code: 451, Message: "greylisted for " + contact}
			}
			return nil
		}
		b.put("k", contact)
		var waits []time.Duration
		for range 3 {
			waits = append(waits, b.round())
			b.waiting(1)
			b.pass(2 * time.Minute)
			b.pass(waits[len(waits)-1])
		}
		b.round()
		b.waiting(0)
		if len(r.messages()) != 1 || waits[1] < waits[0] {
			t.Errorf("%d messages, waits %v", len(r.messages()), waits)
		}
		if s := b.logs.String(); strings.Contains(s, contact) || strings.Contains(s, "greylisted") || !strings.Contains(s, "451") {
			t.Errorf("the log holds the words of the relay, or not its code: %s", s)
		}
	})
	t.Run("a 5xx for the address is given up at once and recorded, without the address", func(t *testing.T) {
		r := newRelay(t, true)
		b := newBench(t, r.sender())
		r.onRcpt = func(int) error {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: contact + " unknown"}
		}
		b.put("k", contact)
		b.round()
		b.waiting(0)
		if f := b.failures(); len(f) != 1 || !strings.HasPrefix(f[0], "notice.failed 899012345679 refused by the relay: 550 5.1.1") || strings.Contains(f[0], contact) {
			t.Errorf("%q", f)
		}
		if strings.Contains(b.logs.String(), contact) {
			t.Error(b.logs.String())
		}
	})
	t.Run("a 5xx for the text is given up too", func(t *testing.T) {
		r := newRelay(t, true)
		b := newBench(t, r.sender())
		r.onData = func(int) error { return &smtp.SMTPError{Code: 554, Message: "no"} }
		b.put("k", contact)
		b.round()
		b.waiting(0)
		if len(b.failures()) != 1 {
			t.Error(b.failures())
		}
	})
	t.Run("a relay that cannot be reached is no refusal", func(t *testing.T) {
		b := newBench(t, Relay{Relay: relay.Relay{Addr: "127.0.0.1:1"}, From: "a@annuaire.example", Timeout: time.Second})
		b.put("k", contact)
		b.round()
		b.waiting(1)
		if !strings.Contains(b.logs.String(), "relay cannot be reached") {
			t.Error(b.logs.String())
		}
	})
	t.Run("a connection that drops after the text is tried again under the same Message-ID", func(t *testing.T) {
		r := newRelay(t, true)
		b := newBench(t, r.sender())
		r.onData = func(n int) error {
			if n == 1 {
				return errDrop
			}
			return nil
		}
		b.put("k", contact)
		b.round()
		b.waiting(1)
		b.pass(time.Hour)
		b.round()
		b.waiting(0)
		if got := r.messages(); len(got) != 2 || got[0].id != got[1].id {
			t.Fatalf("%+v", got)
		}
	})
	t.Run("a crash between sending and its note sends again under the same Message-ID", func(t *testing.T) {
		r := newRelay(t, true)
		dying := &crashing{Relay: r.sender()}
		b := newBench(t, dying)
		dying.ledger = b.ledger
		b.put("k", contact)
		if _, err := b.box.round(context.Background()); err == nil {
			t.Error("it did not crash")
		}
		b.opts.Sender = r.sender()
		b.open()
		b.waiting(1)
		b.round()
		b.waiting(0)
		if got := r.messages(); len(got) != 2 || got[0].id != got[1].id || got[0].subject != got[1].subject {
			t.Fatalf("%+v", got)
		}
	})
	t.Run("what waits outlives a restart", func(t *testing.T) {
		r := newRelay(t, true)
		b := newBench(t, r.sender())
		b.put("a", contact)
		b.put("b", "other@exemple.fr")
		b.reopen()
		b.round()
		if got := r.messages(); len(got) != 2 || got[0].id == got[1].id {
			t.Fatalf("%+v", got)
		}
	})
	t.Run("what is too old is given up and recorded", func(t *testing.T) {
		r := newRelay(t, true)
		b := newBench(t, r.sender())
		b.put("k", contact)
		b.pass(defaultExpiry)
		b.round()
		b.waiting(0)
		if f := b.failures(); len(r.messages()) != 0 || len(f) != 1 || !strings.Contains(f[0], "expired") {
			t.Errorf("%v %v", r.messages(), f)
		}
	})
	t.Run("what is taken back with its transaction was never there", func(t *testing.T) {
		b := newBench(t, newRelay(t, true).sender())
		no := errors.New("no")
		if err := b.ledger.Update(func(tx *store.Tx) error {
			return errors.Join(b.box.Put(tx, annuaire.Notice{Key: "k", To: contact}), no)
		}); !errors.Is(err, no) {
			t.Fatal(err)
		}
		b.waiting(0)
	})
	t.Run("what waits for a person is forgotten with them", func(t *testing.T) {
		r := newRelay(t, true)
		b := newBench(t, r.sender())
		b.put("k", contact)
		if err := b.ledger.Update(func(tx *store.Tx) error {
			if s, err := b.box.Waiting(tx, "899012345679"); err != nil || len(s) != 1 || s[0] != "Délégation ajoutée" {
				t.Error(s, err)
			}
			n, err := b.box.Forget(tx, "899012345679")
			if n != 1 {
				t.Error(n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		b.waiting(0)
	})
}

// crashing is a process of which nothing is written any more once the relay has taken a message.
type crashing struct {
	Relay
	ledger *store.Ledger
}

func (c *crashing) Send(ctx context.Context, m Message) error {
	return errors.Join(c.Relay.Send(ctx, m), c.ledger.Close())
}

func TestTraining(t *testing.T) {
	t.Run("a training instance says so and writes to its sink only", func(t *testing.T) {
		r := newRelay(t, true)
		b := newBench(t, r.sender())
		b.opts.Training, b.opts.Sink = true, "bac@exercice.formation.mssante.fr"
		b.reopen()
		b.put("k", contact)
		b.round()
		got := r.messages()
		if len(got) != 1 || len(r.rcpts) != 1 || r.rcpts[0] != b.opts.Sink || got[0].to != "<"+b.opts.Sink+">" || !strings.HasPrefix(got[0].body, "FORMATION") {
			t.Fatalf("%+v %v", got, r.rcpts)
		}
		if subject, _ := new(mime.WordDecoder).DecodeHeader(got[0].subject); !strings.HasPrefix(subject, "[FORMATION] ") {
			t.Error(subject)
		}
	})
	t.Run("without a sink it writes nowhere", func(t *testing.T) {
		b := newBench(t, newRelay(t, true).sender())
		b.opts.Training = true
		b.reopen()
		b.put("k", contact)
		b.waiting(0)
	})
	t.Run("without a relay nothing piles up", func(t *testing.T) {
		b := newBench(t, nil)
		b.put("k", contact)
		b.waiting(0)
	})
}

func TestMessageID(t *testing.T) {
	o := New(nil, Options{Domain: "annuaire.example"})
	if a, b := o.messageID("delegation.add 1"), o.messageID("delegation.add 2"); a == b || a != o.messageID("delegation.add 1") || strings.Contains(a, "delegation") {
		t.Error(a, b)
	}
}
