package watch

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"annuaire/internal/store"
)

// mailed returns the message that came, "" for none: Send returns once the relay has it.
func mailed(r *mailRelay) string {
	select {
	case m := <-r.mail:
		return m
	default:
		return ""
	}
}

func TestAlarm(t *testing.T) {
	src, r := loaded(), newRelay(t, "")
	var log bytes.Buffer
	var beats atomic.Int32
	down := atomic.Bool{}
	hb := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		beats.Add(1)
		if down.Load() {
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	defer hb.Close()
	w := New(Options{Source: src, Now: src.clock, Log: slog.New(slog.NewTextHandler(&log, nil))})
	g := w.Guard(hb.Client())
	g.Set(Alarm{Limit: 48 * time.Hour, Heartbeat: hb.URL + "/secret", Every: time.Hour, Mail: Mail{Relay: r.ln.Addr().String(), From: "a@exemple.fr", To: []string{"b@exemple.fr"}}})
	look := func() error { return g.Look(context.Background()) }
	must := func(t *testing.T) {
		t.Helper()
		if err := look(); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("while the data is fresh nothing is said but the heartbeat, once an hour", func(t *testing.T) {
		for range 3 {
			must(t)
			src.pass(20 * time.Minute)
		}
		must(t)
		if beats.Load() != 2 || log.Len() > 0 || mailed(r) != "" || status(t, w).Stale {
			t.Error(beats.Load(), log.String())
		}
	})
	t.Run("a heartbeat that is not taken is tried again, and its address is not told", func(t *testing.T) {
		down.Store(true)
		src.pass(time.Hour)
		if err := look(); err == nil || strings.Contains(err.Error(), "secret") {
			t.Error(err)
		}
		down.Store(false)
		before := beats.Load()
		must(t)
		if beats.Load() != before+1 {
			t.Error(beats.Load())
		}
	})
	t.Run("when it turns stale the log and the mail say so, once, and the heartbeat stops", func(t *testing.T) {
		src.pass(48 * time.Hour)
		before := beats.Load()
		must(t)
		must(t)
		m := mailed(r)
		if !status(t, w).Stale || beats.Load() != before || strings.Count(log.String(), "the data is stale") != 1 {
			t.Error(beats.Load(), log.String())
		}
		for _, want := range []string{"RCPT TO:<b@exemple.fr>", "Auto-Submitted: auto-generated", "extract: 2026-11-21T04:12:00Z"} {
			if !strings.Contains(strings.ReplaceAll(m, "=\n", ""), want) {
				t.Errorf("%q is not in %s", want, m)
			}
		}
		if mailed(r) != "" {
			t.Error("told twice")
		}
	})
	t.Run("it is said again every day", func(t *testing.T) {
		src.pass(23 * time.Hour)
		must(t)
		if mailed(r) != "" {
			t.Error("too early")
		}
		src.pass(time.Hour)
		must(t)
		if mailed(r) == "" {
			t.Error("not said again")
		}
	})
	t.Run("when it is fresh again that is said, and the heartbeat goes on", func(t *testing.T) {
		src.mu.Lock()
		src.info.Extract = src.now.Add(-time.Hour)
		src.mu.Unlock()
		before := beats.Load()
		must(t)
		if !strings.Contains(log.String(), "fresh again") || mailed(r) == "" || beats.Load() != before+1 {
			t.Error(log.String())
		}
	})
}

func TestAlarmMailIsTriedAgain(t *testing.T) {
	src := loaded()
	w := watching(t, src)
	g := w.Guard(nil)
	refusing := newRelay(t, "RCPT")
	g.Set(Alarm{Limit: time.Minute, Training: true, Mail: Mail{Relay: refusing.ln.Addr().String(), From: "a@exemple.fr", To: []string{"b@exemple.fr"}}})
	if err := g.Look(context.Background()); err == nil || strings.Contains(err.Error(), "exemple.fr") {
		t.Error("a refused recipient is no error, or is named:", err)
	}
	good := newRelay(t, "")
	a := g.alarm
	a.Mail.Relay = good.ln.Addr().String()
	g.Set(a)
	if err := g.Look(context.Background()); err != nil {
		t.Error(err)
	}
	if m := mailed(good); !strings.Contains(m, "FORMATION") {
		t.Error("a training instance does not say so:", m)
	}
}

func TestAlarmMailReachesWhoeverItCan(t *testing.T) {
	g := watching(t, loaded()).Guard(nil)
	r := newRelay(t, "RCPT TO:<gone@")
	g.Set(Alarm{Limit: time.Minute, Mail: Mail{Relay: r.ln.Addr().String(), From: "a@exemple.fr", To: []string{"gone@exemple.fr", "b@exemple.fr"}}})
	t.Run("that one recipient is refused is told, and keeps nothing from the others", func(t *testing.T) {
		if err := g.Look(context.Background()); err == nil || strings.Contains(err.Error(), "exemple.fr") || !strings.Contains(err.Error(), "550") {
			t.Error("a refused recipient is no error, or is named:", err)
		}
		if m := mailed(r); !strings.Contains(m, "RCPT TO:<b@exemple.fr>") {
			t.Errorf("%q", m)
		}
	})
	t.Run("who was told is not told again every minute", func(t *testing.T) {
		if err := g.Look(context.Background()); err != nil || mailed(r) != "" {
			t.Error("told again", err)
		}
	})
}

func TestMailKeepsThePasswordToItself(t *testing.T) {
	r := newRelay(t, "") // offers no TLS
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := Mail{Relay: r.ln.Addr().String(), From: "a@exemple.fr", To: []string{"b@exemple.fr"}, User: "u", PasswordFile: file}.Send(context.Background(), "x", "y")
	if err == nil || !strings.Contains(err.Error(), "no TLS") {
		t.Error(err)
	}
}

func TestMailGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := newRelay(t, "")
	if err := (Mail{Relay: r.ln.Addr().String(), From: "a@exemple.fr", To: []string{"b@exemple.fr"}}).Send(ctx, "x", "y"); err == nil {
		t.Error("sent after the end")
	}
}

func TestAlarmAsksForAPerson(t *testing.T) {
	src, r := loaded(), newRelay(t, "")
	var log bytes.Buffer
	w := New(Options{Source: src, Now: src.clock, Log: slog.New(slog.NewTextHandler(&log, nil))})
	g := w.Guard(nil)
	g.Set(Alarm{Limit: 48 * time.Hour, Mail: Mail{Relay: r.ln.Addr().String(), From: "a@exemple.fr", To: []string{"b@exemple.fr"}}})
	src.wait = "000007"
	for range 2 {
		if err := g.Look(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	m := mailed(r)
	t.Run("when a run awaits approval, once, by log and mail", func(t *testing.T) {
		if !strings.Contains(m, "annuaire sync approve | abort --reason") || mailed(r) != "" || strings.Count(log.String(), "run=000007") != 1 {
			t.Error(m, log.String())
		}
	})
	t.Run("status says which and since when", func(t *testing.T) {
		if s := status(t, w); s.Awaiting != "000007" || !s.AwaitingSince.Equal(day) {
			t.Errorf("%+v", s)
		}
	})
	t.Run("one that awaits is no good run, nor a failed one", func(t *testing.T) {
		good := status(t, w).Good
		src.pass(time.Hour)
		w.Begin("000008").End(store.Run{ID: "000008", Outcome: store.OutcomeAwaiting}, nil)
		if s := status(t, w); !s.Good.Equal(good) || s.Failure != "" || s.Last.ID != "000001" {
			t.Errorf("%+v", s)
		}
	})
	t.Run("the next one is asked for again", func(t *testing.T) {
		src.wait = "000009"
		if err := g.Look(context.Background()); err != nil || mailed(r) == "" {
			t.Error(err)
		}
	})
}
