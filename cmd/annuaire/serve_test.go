package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// readers keep asking a server while something else happens.
type readers struct {
	stop  chan struct{}
	wait  sync.WaitGroup
	mu    sync.Mutex
	seen  map[string]int // answers, by what they say
	fault error
}

// read starts two readers: one of the total, one of a record.
func read(p *process) *readers {
	r := &readers{stop: make(chan struct{}), seen: map[string]int{}}
	id := ""
	if _, body, err := p.get("/v1/professionals?limit=1&sort=name"); err == nil && len(body.Items) > 0 {
		id = body.Items[0].ID
	}
	for _, path := range []string{"/v1/professionals?limit=1", "/v1/professionals/" + id} {
		r.wait.Go(func() {
			for {
				status, body, err := p.get(path)
				r.note(path, status, body, err)
				select {
				case <-r.stop:
					return
				case <-time.After(time.Millisecond):
				}
			}
		})
	}
	return r
}

func (r *readers) note(path string, status int, body page, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil:
		r.fault = errors.Join(r.fault, err)
	case strings.Contains(path, "?"):
		r.seen[fmt.Sprint(status, " ", body.Total)]++
	case status != 200 && status != 410:
		r.fault = errors.Join(r.fault, fmt.Errorf("%s: %d", path, status))
	}
}

// only ends the readers and checks that totals were the old one or the new one, and the last one new.
func (r *readers) only(t *testing.T, old, now int) {
	t.Helper()
	close(r.stop)
	r.wait.Wait()
	if r.fault != nil {
		t.Error(r.fault)
	}
	for said := range r.seen {
		if said != fmt.Sprint("200 ", old) && said != fmt.Sprint("200 ", now) {
			t.Errorf("a reader saw %q between %d and %d: %v", said, old, now, r.seen)
		}
	}
}

// A server without data says so; it loads, applies a small delta and replaces nearly everything while it answers; every command
// goes through it; and it stops when asked.
func TestServe(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	// Readers that never pause are above any limit.
	unlimited := []string{"ANNUAIRE_LIMITS_ANONYMOUS_RPS=0", "ANNUAIRE_LIMITS_ANONYMOUS_PEOPLE_PER_HOUR=0"}
	p := start(t, "no data yet", unlimited, "serve", "--data", data, "--http", "127.0.0.1:0")
	t.Run("with nothing loaded it is alive, not ready, and says why", func(t *testing.T) {
		body := p.wants(t, 503, "/readyz")
		if body.Status != "not_ready" || len(body.Components) == 0 || !strings.Contains(body.Components[0].Reason, "annuaire sync") {
			t.Errorf("%+v", body)
		}
		p.wants(t, 503, "/healthz")
		p.wants(t, 503, "/v1/professionals?family=martin")
	})
	t.Run("a sync through it makes it ready", func(t *testing.T) {
		if rep := syncTo(t, data, theSmall); rep.Outcome != store.OutcomeLoaded || rep.People.Created != theSmall.people {
			t.Errorf("%+v", rep)
		}
		if body := p.wants(t, 200, "/readyz"); body.Status != "ready" {
			t.Errorf("%+v", body)
		}
		p.wants(t, 200, "/healthz")
	})
	changesUnderReaders(t, p, data)
	commandsThroughTheSocket(t, p, data)
	t.Run("nothing that was asked is in its log", func(t *testing.T) {
		p.wants(t, 200, "/v1/professionals?family=xyzzyfamily")
		if strings.Contains(p.text(), "xyzzy") || strings.Contains(p.text(), "martin") {
			t.Error(p.text())
		}
	})
	t.Run("SIGTERM ends it with exit code 0, what is loaded stays", func(t *testing.T) {
		want := total(t, p)
		if code := p.stop(t); code != 0 {
			t.Errorf("exit code %d\n%s", code, p.text())
		}
		checked(t, data)
		again := start(t, "data of", nil, "serve", "--data", data, "--http", "127.0.0.1:0")
		if got := total(t, again); got != want {
			t.Errorf("%d people after a restart, want %d", got, want)
		}
		again.wants(t, 200, "/readyz")
		if code := again.stop(t); code != 0 {
			t.Error(code)
		}
	})
}

// The states that TestServe goes through; the last step changes more records than are changed in place.
var theSmall, theLater, theOther = set{7000, 1, 0}, set{7000, 1, 20}, set{7000, 2, 21}

func syncTo(t *testing.T, data string, s set) store.Run {
	t.Helper()
	return report(t, must(t, nil, "sync", "--data", data, "--from", extracts(t, s), "--json", "--yes").out)
}

func total(t *testing.T, p *process) int {
	t.Helper()
	return p.wants(t, 200, "/v1/professionals").Total
}

func changesUnderReaders(t *testing.T, p *process, data string) {
	for _, tt := range []struct {
		rule    string
		to      set
		outcome store.Outcome
	}{
		{"readers see the old total or the new while a small delta is applied", theLater, store.OutcomeApplied},
		{"readers see the old total or the new while a generation is replaced", theOther, store.OutcomeLoaded},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			old, r := total(t, p), read(p)
			rep := syncTo(t, data, tt.to)
			now := total(t, p)
			r.only(t, old, now)
			if want := old + rep.People.Created - rep.People.Gone; rep.Outcome != tt.outcome || now != want || rep.People.Total() == 0 {
				t.Errorf("from %d to %d, want %d: %+v", old, now, want, rep)
			}
			left(t, data, 1)
		})
	}
}

func commandsThroughTheSocket(t *testing.T, p *process, data string) {
	t.Run("check goes through it", func(t *testing.T) {
		var rep directory.CheckReport
		out := must(t, nil, "check", "--data", data, "--json").out
		if err := json.Unmarshal([]byte(out), &rep); err != nil || rep.Problems != 0 || rep.People != total(t, p) {
			t.Error(rep, err)
		}
	})
	t.Run("search goes through it, errors too", func(t *testing.T) {
		var body page
		out := must(t, nil, "search", "--data", data, "profession=10").out
		if err := json.Unmarshal([]byte(out), &body); err != nil || body.Total == 0 {
			t.Error(body, err)
		}
		if res := must(t, []int{2}, "search", "--data", data, "professio=10"); !strings.Contains(res.err, "profession") {
			t.Error(res)
		}
	})
	t.Run("what a sync refuses comes back with its exit code", func(t *testing.T) {
		must(t, []int{4}, "sync", "--data", data, "--from", extracts(t, theSmall))
		must(t, []int{3}, "sync", "--data", data, "--from", extracts(t, theOther))
		must(t, []int{4}, "sync", "--data", data, "--from", t.TempDir())
	})
	t.Run("a dry run through it changes nothing", func(t *testing.T) {
		old := total(t, p)
		must(t, nil, "sync", "--data", data, "--from", extracts(t, theSmall), "--allow-older", "--dry-run")
		if now := total(t, p); now != old {
			t.Error(old, now)
		}
	})
	t.Run("healthcheck finds it alive", func(t *testing.T) {
		must(t, nil, "healthcheck", "--http", strings.TrimPrefix(p.url, "http://"))
	})
	t.Run("without its socket, a second process is refused", func(t *testing.T) {
		sock := filepath.Join(data, "control.sock")
		if err := os.Rename(sock, sock+".away"); err != nil {
			t.Fatal(err)
		}
		if res := must(t, []int{1}, "check", "--data", data); !strings.Contains(res.err, "in use by another annuaire process") {
			t.Error(res)
		}
		if err := os.Rename(sock+".away", sock); err != nil {
			t.Fatal(err)
		}
	})
}

// While a server syncs it refuses another sync. Told to stop, it ends the first one too, tells who asked for it, and leaves the old
// state.
func TestStopDuringSync(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	before := shown(t, data)
	p := start(t, "data of", nil, "serve", "--data", data, "--http", "127.0.0.1:0")
	asked := launch(t, command(t.Context(), "sync", "--data", data, "--from", extracts(t, set{7000, 2, 21}), "--yes"))
	begun(t, data, asked)
	second := typed(t, "sync", "--data", data, "--from", extracts(t, set{300, 1, 9}))
	select {
	case res := <-asked:
		t.Log("the first sync ended before the second was refused", res)
		asked <- res
	default:
		if second.code != 1 || !strings.Contains(second.err, "already running") {
			t.Error("a second sync beside the first:", second)
		}
	}
	if code := p.stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.text())
	}
	if res := <-asked; res.code == 0 {
		t.Log("the sync was faster than the signal")
	} else {
		same(t, "after an interrupted sync", before, shown(t, data))
	}
	checked(t, data)
	left(t, data, 1)
}
