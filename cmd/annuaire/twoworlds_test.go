package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/config"
	"annuaire/internal/directory"
)

// world is a server in this process, of which everything that it says is seen.
type world struct {
	s       *server
	h       http.Handler
	secrets map[string]string // of tokens, by who holds them: "" has none
	log     *lockedBuffer
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// newWorld serves a copy of a data directory, for training, until the test ends.
func newWorld(t *testing.T, data string, change ...func(*config.Config)) *world {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	copyTree(t, data, dir)
	cfg := config.Default()
	cfg.Data, cfg.Mode, cfg.Listen = dir, config.Training, config.Listen{LDAP: "127.0.0.1:0"}
	cfg.Limits = config.Limits{Exports: 2, SearchBudget: "30s"} // whoever is slow must not look different
	for _, fn := range change {
		fn(&cfg)
	}
	w := &world{secrets: map[string]string{"": ""}, log: &lockedBuffer{}}
	d, err := directory.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if w.s, err = newServer(cfg, d, slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelInfo}))); err != nil {
		t.Fatal(err)
	}
	w.h = w.s.rest
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.s.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, d.Close()); err != nil {
			t.Error(err)
		}
	})
	for name, q := range map[string]annuaire.TokenRequest{
		"reader": {Name: "r", Roles: []annuaire.Role{annuaire.RoleReader}}, "admin": {Name: "a", Roles: []annuaire.Role{annuaire.RoleAdmin}},
		"registrar": {Name: "g", Roles: []annuaire.Role{annuaire.RoleRegistrar}},
		"operator":  {Name: "o", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"x.formation.mssante.fr"}},
		"other":     {Name: "p", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"y.formation.mssante.fr"}},
	} {
		if _, w.secrets[name], err = w.s.tokens.Create(q); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// ask sends a request as somebody.
func (w *world) ask(method, url, body, who string, headers ...string) (out *httptest.ResponseRecorder) {
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	if u, err := r.URL.Parse(url); err == nil {
		r.URL = u
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if w.secrets[who] != "" {
		r.Header.Set("Authorization", "Bearer "+w.secrets[who])
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	out = httptest.NewRecorder()
	defer func() {
		if v := recover(); v != nil {
			if v != http.ErrAbortHandler { // as net/http: the client sees an answer that is cut
				panic(v)
			}
			_, _ = out.WriteString("[cut]")
		}
	}()
	w.h.ServeHTTP(out, r)
	return out
}

// changing are the parts of an answer that differ from one request to the next.
var changing = regexp.MustCompile(`"(took_ms|request_id)":("[^"]*"|[0-9.e+-]+)`)

// allSaid is all that an answer says, but for those.
func allSaid(a *httptest.ResponseRecorder) string {
	var b strings.Builder
	h := a.Header().Clone()
	for _, name := range []string{"X-Request-Id", "Date", "Content-Length"} { // the length is that of the time taken, and of what is compared
		h.Del(name)
	}
	b.WriteString(http.StatusText(a.Code))
	_ = h.Write(&b)
	body := a.Body.String()
	if id := a.Header().Get("X-Request-Id"); id != "" { // pages of errors say it in their own words
		body = strings.ReplaceAll(body, id, "")
	}
	b.WriteString(changing.ReplaceAllString(body, `"$1":0`))
	return b.String()
}

// admin is who makes the worlds.
var admin = annuaire.Caller{ID: "test", Roles: []annuaire.Role{annuaire.RoleAdmin}}

// register puts a box into every world within one second of the clock, so that what they say of when is the same. Worlds may differ in what
// box says of each.
func register(t *testing.T, worlds []*world, box func(i int) annuaire.Registered) {
	t.Helper()
	for range 20 {
		done, errs := make([]annuaire.Registered, len(worlds)), make([]error, len(worlds))
		var all sync.WaitGroup
		for i, w := range worlds {
			all.Go(func() { done[i], _, errs[i] = w.s.registry.Put(context.Background(), admin, box(i), "") })
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		if same := !slices.ContainsFunc(done, func(b annuaire.Registered) bool { return !b.Changed.Equal(done[0].Changed) }); same {
			return
		}
		for i, w := range worlds { // the clock went on between them: again
			if err := w.s.registry.Delete(context.Background(), admin, done[i].Address, w.s.registry.ETag(done[i])); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Fatal("the clock always went on between two registrations")
}

// settled waits until everything is visible.
func settled(t *testing.T, worlds ...*world) {
	t.Helper()
	for _, w := range worlds {
		head, _, err := w.s.d.Ledger.Head()
		if err == nil {
			err = w.s.d.Visible(context.Background(), head)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// checks has rapid draw so many cases, of which each costs much here; ANNUAIRE_SOAK asks for more.
func checks(t *testing.T, n int, prop func(*rapid.T)) {
	t.Helper()
	if os.Getenv("ANNUAIRE_SOAK") != "" {
		n *= 100
	}
	f := flag.Lookup("rapid.checks")
	before := f.Value.String()
	defer func() { _ = f.Value.Set(before) }()
	if err := f.Value.Set(strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, prop)
}
