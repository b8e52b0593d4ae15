package obs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire/internal/obs"
)

func TestNewLogger(t *testing.T) {
	t.Parallel()
	t.Run("anything but a terminal gets JSON, with the request id of the context once", func(t *testing.T) {
		var out bytes.Buffer
		l, err := obs.NewLogger(&out, obs.FormatAuto, "")
		if err != nil {
			t.Fatal(err)
		}
		l = slog.New(obs.WithContext(l.Handler())) // a second wrapping changes nothing
		l.With("part", "api").InfoContext(obs.WithRequestID(t.Context(), "abc"), "done")
		var line map[string]any
		if err := json.Unmarshal(out.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line["request_id"] != "abc" || line["part"] != "api" || strings.Count(out.String(), "request_id") != 1 {
			t.Errorf("line = %s", out.String())
		}
	})
	t.Run("a line outside any request has no request id", func(t *testing.T) {
		var out bytes.Buffer
		l, err := obs.NewLogger(&out, obs.FormatText, "info")
		if err != nil {
			t.Fatal(err)
		}
		l.WithGroup("g").Info("done", "n", 1)
		if s := out.String(); strings.Contains(s, "request_id") || !strings.Contains(s, "g.n=1") {
			t.Errorf("line = %s", s)
		}
	})
	t.Run("a line below the level is not written", func(t *testing.T) {
		var out bytes.Buffer
		l, err := obs.NewLogger(&out, obs.FormatJSON, "WARN")
		if err != nil {
			t.Fatal(err)
		}
		if l.Info("no"); out.Len() != 0 {
			t.Errorf("written: %s", out.String())
		}
	})
	for _, bad := range [][2]string{{"xml", ""}, {"json", "loud"}} {
		if _, err := obs.NewLogger(&bytes.Buffer{}, obs.Format(bad[0]), bad[1]); err == nil {
			t.Errorf("format %q level %q accepted", bad[0], bad[1])
		}
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	if id := obs.RequestID(context.Background()); id != "" {
		t.Errorf("a bare context carries %q", id)
	}
	a, b := obs.NewRequestID(), obs.NewRequestID()
	if a == b || !obs.ValidRequestID(a) || len(a) != 16 {
		t.Errorf("fresh ids %q, %q", a, b)
	}
	for in, want := range map[string]bool{
		"abc-123_4.5": true, "": false, "a b": false, "a\nb": false, "é": false, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false,
	} {
		if got := obs.ValidRequestID(in); got != want {
			t.Errorf("ValidRequestID(%q) = %v", in, got)
		}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	h := obs.NewHealth()
	check := func(rule string, ready bool) {
		t.Helper()
		if got := h.Report().Ready; got != ready {
			t.Errorf("%s: ready = %v", rule, got)
		}
	}
	check("an empty registry is not ready", false)
	sync := h.Register("sync", false)
	sync.Set(obs.StateReady, "")
	check("what is optional does not make ready", false)
	search := h.Register("search", true)
	check("a required component that starts holds back", false)
	search.Set(obs.StateReady, "")
	check("all that is required serves", true)
	sync.Set(obs.StateFailed, "no extract for 40 h")
	check("what is optional does not hold back", true)
	search.Set(obs.StateDegraded, "old generation")
	check("degraded still serves", true)
	if again := h.Register("sync", true); again != sync {
		t.Error("the same name made a second component")
	}
	check("a component becomes required", false)
	want := obs.Report{Components: []obs.Status{
		{Name: "sync", State: obs.StateFailed, Required: true, Reason: "no extract for 40 h"},
		{Name: "search", State: obs.StateDegraded, Required: true, Reason: "old generation"},
	}}
	if diff := cmp.Diff(want, h.Report()); diff != "" {
		t.Error(diff)
	}
}

func TestHealthConcurrently(t *testing.T) {
	t.Parallel()
	h := obs.NewHealth()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				h.Register("search", true).Set(obs.StateReady, "")
				h.Report()
			}
		})
	}
	wg.Wait()
	if r := h.Report(); !r.Ready || len(r.Components) != 1 {
		t.Errorf("report = %+v", r)
	}
}
