package notify

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"annuaire/internal/relay"
)

func TestOutcome(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		answer  relay.Reply
		err     error
		taken   bool
		refusal bool // nothing that another time could change
	}{
		{"taken is taken", relay.Reply{Code: 250}, nil, true, false},
		{"a recipient refused for good is a refusal", relay.Reply{Code: 550, Enhanced: "5.1.1"}, nil, false, true},
		{"one refused for now is none", relay.Reply{Code: 452}, nil, false, false},
		{"nor is a refusal of the sender: it may be put right before the message expires", relay.Reply{Code: 553, OfSender: true}, nil, false, false},
		{"nor is a connection that broke", relay.Reply{}, relay.ErrUncertain, false, false},
		{"an address that cannot be said never will be", relay.Reply{}, relay.ErrAddress, false, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var no *Refusal
			if err := outcome(tt.answer, tt.err); (err == nil) != tt.taken || errors.As(err, &no) != tt.refusal {
				t.Error(err)
			}
		})
	}
}

func TestSeveralRecipients(t *testing.T) {
	r := newRelay(t, true)
	r.onRcpt = func(n int) error {
		if n == 1 {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "gone"}
		}
		return nil
	}
	var no *Refusal
	t.Run("one that is refused keeps nothing from the others, and is told", func(t *testing.T) {
		err := r.sender().Send(context.Background(), Message{ID: "a@b", To: []string{"gone@exemple.fr", contact}, Text: ".\r\n..\r\nfin"})
		if got := r.messages(); len(got) != 1 || got[0].body != ".\r\n..\r\nfin\r\n" || !errors.Is(err, ErrSome) || !errors.As(err, &no) {
			t.Errorf("%+v %v", got, err)
		}
	})
	t.Run("where all are refused it is a refusal, and nothing was taken for some", func(t *testing.T) {
		r.onRcpt = func(int) error { return &smtp.SMTPError{Code: 550} }
		if err := r.sender().Send(context.Background(), Message{ID: "a@b", To: []string{"gone@exemple.fr", contact}}); errors.Is(err, ErrSome) || !errors.As(err, &no) {
			t.Error(err)
		}
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
		s.Security = relay.Offered
		if err := s.Send(context.Background(), Message{ID: "a@b", To: []string{contact}}); err != nil || len(r.messages()) != 1 {
			t.Fatal(err, r.messages())
		}
	})
	t.Run("nor to one whose certificate is nobody's", func(t *testing.T) {
		r := newRelay(t, true)
		s := r.sender()
		s.Roots = nil
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
		s.Security, s.User, s.PasswordFile = relay.Offered, "annuaire", filepath.Join(t.TempDir(), "password")
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
