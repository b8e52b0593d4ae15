package notify

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"annuaire"
	"annuaire/internal/store"
)

// bench is an outbox on a real ledger, with a clock that a test moves.
type bench struct {
	t      *testing.T
	path   string
	ledger *store.Ledger
	now    atomic.Int64
	opts   Options
	logs   bytes.Buffer
	box    *Outbox
}

func newBench(t *testing.T, s Sender) *bench {
	b := &bench{t: t, path: filepath.Join(t.TempDir(), "annuaire.db")}
	b.now.Store(1_700_000_000)
	b.opts = Options{Sender: s, Domain: "annuaire.example", Now: func() time.Time { return time.Unix(b.now.Load(), 0) }, Logger: slog.New(slog.NewTextHandler(&b.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	b.open()
	t.Cleanup(func() { _ = b.ledger.Close() })
	return b
}

func (b *bench) open() {
	b.t.Helper()
	var err error
	if b.ledger, err = store.OpenLedger(b.path); err != nil {
		b.t.Fatal(err)
	}
	b.box = New(b.ledger, b.opts)
}

func (b *bench) reopen() {
	b.t.Helper()
	if err := b.ledger.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.open()
}

func (b *bench) put(key, to string) {
	b.t.Helper()
	n := annuaire.Notice{Key: key, Person: "899012345679", To: to, Subject: "Délégation ajoutée", Text: "Bonjour,\n\nÀ bientôt : une ligne assez longue pour qu'elle soit coupée au transport, et remise ensuite comme elle était.\n"}
	if err := b.ledger.Update(func(tx *store.Tx) error { return b.box.Put(tx, n) }); err != nil {
		b.t.Fatal(err)
	}
}

// round sends once what is due.
func (b *bench) round() (wait time.Duration) {
	b.t.Helper()
	wait, err := b.box.round(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return wait
}

func (b *bench) pass(d time.Duration) { b.now.Add(int64(d / time.Second)) }

func (b *bench) waiting(want int) {
	b.t.Helper()
	if n, _, err := b.box.Depth(); err != nil || n != want {
		b.t.Fatalf("%d messages wait, want %d: %v", n, want, err)
	}
}

// failures are the recorded ones.
func (b *bench) failures() (out []string) {
	b.t.Helper()
	lines := store.NewTable[store.AuditLine]("audit")
	if err := b.ledger.View(func(tx *store.Tx) error {
		return lines.Each(tx, "", "", func(_ string, l store.AuditLine) (bool, error) {
			out = append(out, l.What+" "+l.Target+" "+l.Why)
			return true, nil
		})
	}); err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (r *relay) sender() Relay {
	return Relay{Address: r.addr, From: "ne-pas-repondre@annuaire.example", TLS: r.roots, Timeout: 3 * time.Second}
}

const contact = "zelie@exemple.fr"

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
		b := newBench(t, Relay{Address: "127.0.0.1:1", From: "a@annuaire.example", Timeout: time.Second})
		b.put("k", contact)
		b.round()
		b.waiting(1)
		if !strings.Contains(b.logs.String(), "it cannot be reached") {
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
		b := newBench(t, crashing{r.sender()})
		b.put("k", contact)
		func() {
			defer func() {
				if recover() != errCrash {
					t.Error("it did not crash")
				}
			}()
			b.round()
		}()
		b.opts.Sender = r.sender()
		b.reopen()
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
		b.pass(DefaultExpiry)
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

var errCrash = errors.New("crash")

// crashing is a process that dies as soon as the relay has taken a message.
type crashing struct{ Relay }

func (c crashing) Send(ctx context.Context, m Message) error {
	if err := c.Relay.Send(ctx, m); err != nil {
		return err
	}
	panic(errCrash)
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

func TestSecurity(t *testing.T) {
	t.Run("nothing is said to a relay without TLS", func(t *testing.T) {
		r := newRelay(t, false)
		if err := r.sender().Send(context.Background(), Message{ID: "a@b", To: []string{contact}}); err == nil || len(r.messages()) != 0 || r.sessions != 0 {
			t.Fatal(err, r.messages())
		}
	})
	t.Run("unless that was asked for", func(t *testing.T) {
		r := newRelay(t, false)
		s := r.sender()
		s.Security = Offered
		if err := s.Send(context.Background(), Message{ID: "a@b", To: []string{contact}}); err != nil || len(r.messages()) != 1 {
			t.Fatal(err, r.messages())
		}
	})
	t.Run("nor to one whose certificate is nobody's", func(t *testing.T) {
		r := newRelay(t, true)
		s := r.sender()
		s.TLS = nil
		if err := s.Send(context.Background(), Message{ID: "a@b", To: []string{contact}}); err == nil || !strings.Contains(err.Error(), "certificate") || r.sessions != 0 {
			t.Fatal(err)
		}
	})
	t.Run("the password is read from its file, and said under TLS", func(t *testing.T) {
		r := newRelay(t, true)
		s := r.sender()
		s.User, s.PasswordFile = "annuaire", filepath.Join(t.TempDir(), "password")
		if err := os.WriteFile(s.PasswordFile, []byte("secret\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Send(context.Background(), Message{ID: "a@b", To: []string{contact}}); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("and never without, whatever the relay offers", func(t *testing.T) {
		r := newRelay(t, false)
		s := r.sender()
		s.Security, s.User, s.PasswordFile = Offered, "annuaire", filepath.Join(t.TempDir(), "password")
		if err := os.WriteFile(s.PasswordFile, []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Send(context.Background(), Message{ID: "a@b", To: []string{contact}}); err == nil || r.asked.Load() != 0 || len(r.messages()) != 0 {
			t.Fatal(err, r.asked.Load())
		}
	})
	t.Run("a wrong password is no refusal of the message", func(t *testing.T) {
		r := newRelay(t, true)
		s := r.sender()
		s.User, s.PasswordFile = "annuaire", filepath.Join(t.TempDir(), "password")
		if err := os.WriteFile(s.PasswordFile, []byte("wrong"), 0o600); err != nil {
			t.Fatal(err)
		}
		var no *Refusal
		if err := s.Send(context.Background(), Message{ID: "a@b", To: []string{contact}}); err == nil || errors.As(err, &no) {
			t.Fatal(err)
		}
	})
	t.Run("a relay that never answers does not hold us for ever", func(t *testing.T) {
		r := newRelay(t, true)
		held := make(chan struct{})
		r.onData = func(int) error { <-held; return nil }
		s := r.sender()
		s.Timeout = 200 * time.Millisecond
		err := s.Send(context.Background(), Message{ID: "a@b", To: []string{contact}})
		close(held)
		if err == nil {
			t.Fatal("it was told to have been sent")
		}
	})
}

func TestRun(t *testing.T) {
	r := newRelay(t, true)
	b := newBench(t, r.sender())
	taken := make(chan struct{}, 1)
	r.onData = func(int) error { taken <- struct{}{}; return nil }
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.box.Run(ctx) }()
	b.put("k", contact)
	b.box.Wake()
	b.box.Wake() // never waits
	select {
	case <-taken:
	case <-time.After(10 * time.Second):
		t.Error("what was put was not sent when it woke")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestMessageID(t *testing.T) {
	o := New(nil, Options{Domain: "annuaire.example"})
	if a, b := o.messageID("delegation.add 1"), o.messageID("delegation.add 2"); a == b || a != o.messageID("delegation.add 1") || strings.Contains(a, "delegation") {
		t.Error(a, b)
	}
}

func TestKeysAreInTheOrderOfTime(t *testing.T) {
	a, b := time.Unix(1_700_000_000, 0), time.Unix(1_700_000_001, 0)
	if due(a, 2) >= due(b, 1) || due(a, 1) >= due(a, 2) || !dueAt(due(b, 7)).Equal(b) {
		t.Error(due(a, 2), due(b, 1))
	}
}

// A restored backup does not send once more what was sent since.
func TestKeepSent(t *testing.T) {
	r := newRelay(t, true)
	backup, now := newBench(t, r.sender()), newBench(t, r.sender())
	for _, b := range []*bench{backup, now} {
		b.put("sent since", contact)
		b.put("still waiting", contact)
	}
	r.onRcpt = func(n int) error {
		if n == 2 {
			return &smtp.SMTPError{Code: 450, Message: "later"}
		}
		return nil
	}
	now.round()
	if err := KeepSent(now.ledger, backup.ledger); err != nil {
		t.Fatal(err)
	}
	backup.waiting(1)
	backup.round()
	if got := r.messages(); len(got) != 2 || got[0].id == got[1].id {
		t.Errorf("%+v", got)
	}
}
