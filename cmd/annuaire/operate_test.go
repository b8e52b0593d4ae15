package main

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"annuaire/internal/watch"
)

// serving starts a server with a configuration file and returns what rewrites the file.
func serving(t *testing.T, data, text string, env ...string) (p *process, write func(string)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "annuaire.toml")
	write = func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(text)
	return start(t, "REST", env, "serve", "--data", data, "--config", path, "--http", "127.0.0.1:0"), write
}

func (p *process) hup(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
}

func TestReload(t *testing.T) {
	p, write := serving(t, loaded(t, extracts(t, set{300, 1, 0})), "[limits]\nanonymous_rps = 1000\n")
	defer p.stop(t)
	header := func() string {
		res, err := http.Get(p.url + "/v1/professionals?limit=1")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode != 200 {
			t.Error(res.StatusCode)
		}
		return res.Header.Get("X-Annuaire-Maintenance")
	}
	if header() != "" {
		t.Error("announced before it was planned")
	}
	const planned = "[maintenance]\nfrom = \"2096-12-01T22:00:00Z\"\nuntil = \"2096-12-01T23:00:00Z\"\nmessage = \"bascule\"\n"
	t.Run("SIGHUP takes up a new configuration", func(t *testing.T) {
		write(planned + "[log]\nlevel = \"warn\"\n")
		p.hup(t)
		p.says(t, "taken up") // at level warn, what is taken up is still said
		if got := header(); got != "2096-12-01T22:00:00Z/2096-12-01T23:00:00Z" {
			t.Errorf("%q", got)
		}
	})
	t.Run("a bad one leaves the old one in place, and is said", func(t *testing.T) {
		write("[maintenance]\nfrom = \"tomorrow\"\n")
		p.hup(t)
		p.says(t, "the new configuration is bad: the old one stays")
		if header() == "" {
			t.Error("the old one is gone")
		}
		if _, text := fetch(t, http.DefaultClient, p.url+"/metrics", ""); !strings.Contains(text, "annuaire_config_reload_good 0") {
			t.Error("the metric does not say so")
		}
	})
	t.Run("one that does not even parse, too", func(t *testing.T) {
		write("[[[")
		p.hup(t)
		p.says(t, "cannot be read")
		if header() == "" {
			t.Error("the old one is gone")
		}
	})
	t.Run("what only a restart changes is named", func(t *testing.T) {
		write("mode = \"training\"\n" + planned + "[log]\nformat = \"json\"\n")
		p.hup(t)
		p.says(t, "settings that only a restart changes")
		if !strings.Contains(p.text(), "mode, log.format") {
			t.Error(p.text())
		}
	})
}

func TestMetricsOfARunningServer(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	p, _ := serving(t, data, "")
	defer p.stop(t)
	p.wants(t, 200, "/v1/professionals?family=martin")
	syncTo(t, data, set{300, 1, 9})
	must(t, []int{4}, "sync", "--data", data, "--from", t.TempDir())
	_, text := fetch(t, http.DefaultClient, p.url+"/metrics", "")
	for _, want := range []string{`annuaire_request_duration_seconds_bucket{front="rest",operation="GET /v1/professionals",outcome="2xx",le="0.0005"}`,
		`annuaire_sync_runs_total{outcome="applied"} 1`, `annuaire_sync_runs_total{outcome="rejected"} 1`, "annuaire_sync_failing 1", "annuaire_data_age_seconds",
		`annuaire_sync_last_changes{change="changed",kind="person"}`, `annuaire_sync_last_stage_seconds{stage="parse"}`, "annuaire_ready 1", `annuaire_records{kind="person"}`,
		`annuaire_component_state{component="disk",state=`, "annuaire_log_head", "annuaire_feed_followers 0", "go_goroutines"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(text, "martin") {
		t.Error("a question is in the metrics")
	}
}

func TestSyncStatus(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	read := func(t *testing.T, codes ...int) (st watch.Status) {
		t.Helper()
		out := must(t, codes, "sync", "status", "--data", data, "--json").out
		if err := json.Unmarshal([]byte(out), &st); err != nil {
			t.Fatal(err, out)
		}
		return st
	}
	t.Run("without a server it says what is recorded", func(t *testing.T) {
		if st := read(t, statusCode); st.Running || st.Last == nil || st.Last.People.Created != 300 {
			t.Errorf("%+v", st)
		}
	})
	p, _ := serving(t, data, "[alarm]\nstale_after = \"0\"\n")
	defer p.stop(t)
	t.Run("with one it says whether all is well", func(t *testing.T) {
		if st := read(t, 0); st.Failure != "" || st.Stale {
			t.Errorf("%+v", st)
		}
	})
	t.Run("a sync under way has its stage", func(t *testing.T) {
		asked := launch(t, command(t.Context(), "sync", "--data", data, "--from", extracts(t, set{7000, 2, 21})))
		defer func() { <-asked }()
		for {
			st := read(t, 0, 5) // it may end at the gate
			if st.Running && st.Stage != "" {
				return
			}
			select {
			case res := <-asked:
				asked <- res
				t.Skip("the sync ended before it was looked at")
			default:
			}
		}
	})
	t.Run("one that awaits approval is named, with an exit code of its own", func(t *testing.T) {
		must(t, []int{5}, "sync", "--data", data, "--from", extracts(t, set{2000, 3, 22}))
		if st := read(t, 5); st.Awaiting == "" || st.AwaitingSince.IsZero() || st.Failure != "" {
			t.Errorf("%+v", st)
		}
		if out := must(t, []int{5}, "sync", "status", "--data", data).out; !strings.Contains(out, "awaits approval") {
			t.Error(out)
		}
		must(t, nil, "sync", "abort", "--data", data, "--reason", "not those")
		if st := read(t, 0); st.Awaiting != "" {
			t.Errorf("%+v", st)
		}
	})
	t.Run("one that failed is an exit code of its own, for whoever watches", func(t *testing.T) {
		must(t, []int{4}, "sync", "--data", data, "--from", t.TempDir())
		if st := read(t, 1); st.Failure == "" || st.FailedAt.IsZero() {
			t.Errorf("%+v", st)
		}
		if out := must(t, []int{1}, "sync", "status", "--data", data).out; !strings.Contains(out, "FAILED at") || !strings.Contains(out, "people") {
			t.Error(out)
		}
	})
}

// statusCode is what status exits with on made-up extracts, which are of the past or the future, whenever this runs.
var statusCode = map[bool]int{true: 1, false: 0}[time.Since(time.Date(2026, 11, 1, 3, 12, 0, 0, time.UTC)) > 48*time.Hour]

func TestServiceManager(t *testing.T) {
	sock := filepath.Join(t.TempDir(), "notify")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: sock, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	said := func(what string) {
		t.Helper()
		if err := c.SetReadDeadline(time.Now().Add(deadline)); err != nil {
			t.Fatal(err)
		}
		for b := make([]byte, 4096); ; {
			n, err := c.Read(b)
			if err != nil {
				t.Fatal("it did not say ", what, err)
			}
			if strings.Contains(string(b[:n]), what) {
				return
			}
		}
	}
	p, _ := serving(t, loaded(t, extracts(t, set{300, 1, 0})), "", "NOTIFY_SOCKET="+sock, "WATCHDOG_USEC=200000")
	for _, what := range []string{"READY=1", "WATCHDOG=1", "WATCHDOG=1"} {
		said(what)
	}
	p.hup(t)
	said("RELOADING=1")
	said("READY=1")
	done := make(chan int, 1)
	go func() { done <- p.stop(t) }()
	said("STOPPING=1")
	if code := <-done; code != 0 {
		t.Error(code)
	}
}

func TestAtomFeedOfARunningServer(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	p, _ := serving(t, data, "")
	defer p.stop(t)
	syncTo(t, data, set{300, 1, 9})
	if code, body := fetch(t, http.DefaultClient, p.url+"/v1/sync/runs.atom", ""); code != 200 || strings.Count(body, "<entry>") != 2 || !strings.Contains(body, "300 nouveaux") {
		t.Error(code, body)
	}
}
