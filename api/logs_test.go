package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// logged sends one request to a server whose Directory fails as told, and returns what was logged at every level.
func logged(t *testing.T, fail func(context.Context, string) error, method, url string) (all string, lines []map[string]any) {
	t.Helper()
	var out bytes.Buffer
	d := newFake()
	d.fail = fail
	s := New(Options{Directory: d, Logger: slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	do(t, s, method, url, "X-Request-Id", "log-1")
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, m)
	}
	return out.String(), lines
}

func TestAccessLine(t *testing.T) {
	t.Parallel()
	for rule, tt := range map[string]struct{ method, url, wantMethod, route, status string }{
		"a search logs its route, not its question": {"GET", "/v1/professionals?family=dupond", "GET", "/v1/professionals", "200"},
		"a record logs the pattern, not the path":   {"GET", "/v1/mailboxes/dupond@x.formation.mssante.fr", "GET", "/v1/mailboxes/:address", "404"},
		"an unknown route logs no path":             {"GET", "/dupond", "GET", "unmatched", "404"},
		"an unknown parameter is not logged":        {"GET", "/v1/structures?dupond=1", "GET", "/v1/structures", "400"},
		"a method is a client's word too":           {"DUPOND", "/v1/structures", "OTHER", "/v1/structures", "405"},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			all, lines := logged(t, nil, tt.method, tt.url)
			if len(lines) != 1 {
				t.Fatalf("%d lines: %s", len(lines), all)
			}
			took, ok := lines[0]["took_ms"].(float64)
			if !ok || took < 0 {
				t.Errorf("took_ms %v", lines[0]["took_ms"])
			}
			delete(lines[0], "took_ms")
			delete(lines[0], "time")
			var status float64
			fmt.Sscan(tt.status, &status)
			want := map[string]any{"level": "INFO", "msg": "request", "method": tt.wantMethod, "route": tt.route, "status": status, "request_id": "log-1"}
			if diff := cmp.Diff(want, lines[0]); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(strings.ToLower(all), "dupond") {
				t.Errorf("query text in the log: %s", all)
			}
		})
	}
}

func TestInternalErrorsAreLoggedWithoutTheQuestion(t *testing.T) {
	t.Parallel()
	const url = "/v1/professionals?family=Du%20Pond&match=prefix&profession=10"
	for rule, tt := range map[string]struct {
		url      string
		err      error
		has, not string
	}{
		"an error with its own words is logged whole":     {url, errors.New("segment 12: prefix table is short"), "segment 12: prefix table is short", ""},
		"one that quotes a value shows its types only":    {url, fmt.Errorf("no term %q: %w", "pond", errors.New("x")), "*fmt.wrapError > *errors.errorString", "pond"},
		"one that quotes an identifier of the path, too":  {zeliePath, errors.New("get 899012345679: closed"), "*errors.errorString", "899012345679"},
		"the name of the route is not the client's":       {"/healthz", errors.New("closed"), "closed", ""},
		"an error about a mailbox address does not quote": {"/v1/mailboxes/a.dupond@x.fr", errors.New("no box A.DUPOND@x.fr"), "*errors.errorString", "dupond"},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			all, lines := logged(t, func(context.Context, string) error { return tt.err }, "GET", tt.url)
			if len(lines) != 2 || lines[0]["level"] != "ERROR" || lines[0]["request_id"] != "log-1" {
				t.Fatalf("lines %s", all)
			}
			cause, _ := lines[0]["cause"].(string)
			if !strings.Contains(cause, tt.has) || (tt.not != "" && strings.Contains(strings.ToLower(all), tt.not)) {
				t.Errorf("log %s", all)
			}
		})
	}
}

func TestPanics(t *testing.T) {
	t.Parallel()
	t.Run("a panic is a problem for the client and a line without the value", func(t *testing.T) {
		t.Parallel()
		d := newFake()
		d.fail = func(context.Context, string) error { panic("dupond") }
		var out bytes.Buffer
		w := do(t, New(Options{Directory: d, Logger: slog.New(slog.NewTextHandler(&out, nil))}), "GET", "/v1/professionals?family=dupond")
		if p := problemIn(t, w); p.Status != 500 || strings.Contains(w.Body.String(), "dupond") {
			t.Errorf("problem %s", w.Body)
		}
		if s := out.String(); strings.Contains(s, "dupond") || !strings.Contains(s, "what=string") || !strings.Contains(s, "stack=") || !strings.Contains(s, "status=500") {
			t.Errorf("log %s", s)
		}
	})
	t.Run("what the runtime says is kept", func(t *testing.T) {
		t.Parallel()
		all, _ := logged(t, func(context.Context, string) error { return writeToNilMap(nil) }, "GET", "/v1/mailboxes")
		if !strings.Contains(all, "assignment to entry in nil map") {
			t.Errorf("log %s", all)
		}
	})
	t.Run("an aborted answer stays aborted", func(t *testing.T) {
		t.Parallel()
		defer func() {
			if v := recover(); v != http.ErrAbortHandler {
				t.Errorf("recovered %v", v)
			}
		}()
		logged(t, func(context.Context, string) error { panic(http.ErrAbortHandler) }, "GET", "/v1/mailboxes")
	})
}

// Were it counted among the failures, whoever hangs up often enough would wake whoever is on call (AnnuaireErrors).
func TestAClientThatLeftIsNoFailure(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	var counted int
	d := newFake()
	d.fail = func(ctx context.Context, _ string) error { return ctx.Err() }
	s := New(Options{Directory: d, Logger: slog.New(slog.NewJSONHandler(&out, nil)), Observe: func(_ string, status int, _ time.Duration) { counted = status }})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", "/v1/professionals", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.ServeHTTP(&discard{http.Header{}}, r)
	if strings.Contains(out.String(), "ERROR") || !strings.Contains(out.String(), `"status":499`) || counted != 499 {
		t.Errorf("counted as %d, log %s", counted, out.String())
	}
}

// discard is the connection of a client that has left: nothing can be written.
type discard struct{ h http.Header }

func (d *discard) Header() http.Header       { return d.h }
func (d *discard) WriteHeader(int)           {}
func (d *discard) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// writeToNilMap panics the way a bug would.
func writeToNilMap(m map[string]int) error {
	m["x"] = 1
	return nil
}
