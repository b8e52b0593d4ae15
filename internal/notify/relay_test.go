package notify

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

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
