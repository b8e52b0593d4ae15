package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/store"
	"annuaire/internal/testsource"
)

// published is a source of the real program: the ANS as the configuration of this test knows it.
func published(t *testing.T, s set) (*testsource.Server, []string) {
	t.Helper()
	src := testsource.New(false)
	t.Cleanup(src.Close)
	publish(t, src, s)
	return src, []string{"ANNUAIRE_SYNC_ANS=" + src.URL + "/PS_LibreAcces," + src.URL + "/Extraction_Correspondance_MSSante", "ANNUAIRE_SYNC_SOURCES=ans",
		"ANNUAIRE_SYNC_RETRY_FOR=1s"}
}

// publish puts the archives of a set in place of what is published.
func publish(t *testing.T, src *testsource.Server, s set) {
	t.Helper()
	dir := zips(t, s)
	for path, prefix := range map[string]string{"/PS_LibreAcces": "PS_LibreAcces_2", "/Extraction_Correspondance_MSSante": "Extraction"} {
		file := fileIn(t, dir, prefix)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		src.Put(path, testsource.File{Name: filepath.Base(file), Body: b})
	}
}

func zips(t *testing.T, s set) string {
	t.Helper()
	dir := extracts(t, s) + "-zip"
	if _, err := os.Stat(dir); err != nil {
		must(t, nil, "fixtures", "--people", strconv.Itoa(s.people), "--seed", strconv.FormatUint(s.seed, 10), "--day", strconv.Itoa(s.day), "--out", dir, "--zip")
	}
	return dir
}

// The gate from the command line: exit codes, what is printed, what a person decides, and what stays through it all.
func TestGateOfTheCommand(t *testing.T) {
	home, away := set{2000, 1, 0}, set{2000, 2, 1} // other people: everybody leaves
	data := loaded(t, extracts(t, home))
	before := stored(t, data)
	sync := []string{"sync", "--data", data, "--from", extracts(t, away)}
	res := must(t, []int{5}, sync...)
	for _, part := range []string{"APPROVAL NEEDED", "run 000002", "départs / gone", "personnes / people", "!!", "annuaire sync approve", "exemples"} {
		if !strings.Contains(res.out, part) {
			t.Errorf("the report does not say %q:\n%s", part, res.out)
		}
	}
	same(t, "a closed gate", before, stored(t, data))
	t.Run("as one JSON object", func(t *testing.T) {
		rep := report(t, must(t, []int{5}, append(sync, "--json")...).out)
		if rep.Outcome != store.OutcomeAwaiting || rep.ID != "000002" || rep.Gate == nil || !rep.Gate.Closed || len(rep.Gate.Findings) == 0 {
			t.Errorf("%+v", rep)
		}
	})
	t.Run("a decision needs a reason", func(t *testing.T) {
		if res := must(t, []int{2}, "sync", "approve", "--data", data); !strings.Contains(res.err, "--reason") {
			t.Error(res.err)
		}
	})
	t.Run("aborted, nothing changes", func(t *testing.T) {
		if res := must(t, nil, "sync", "abort", "--data", data, "--reason", "not those"); !strings.Contains(res.out, "run 000002 aborted") {
			t.Error(res.out)
		}
		same(t, "an aborted run", before, stored(t, data))
		must(t, []int{1}, "sync", "approve", "000002", "--data", data, "--reason", "after all")
	})
	t.Run("approved, exactly that is applied", func(t *testing.T) {
		rep := report(t, must(t, []int{5}, append(sync, "--json")...).out)
		got := report(t, must(t, nil, "sync", "approve", rep.ID, "--data", data, "--reason", "seen", "--json").out)
		if got.Outcome == store.OutcomeAwaiting || got.People != rep.People || got.ID != rep.ID {
			t.Errorf("%+v", got)
		}
		same(t, "an approved run", stored(t, loaded(t, extracts(t, away))), stored(t, data))
		checked(t, data)
	})
	t.Run("approved beforehand", func(t *testing.T) {
		must(t, nil, "sync", "--data", data, "--from", extracts(t, home), "--allow-older", "--yes")
		same(t, "--yes", before, stored(t, data))
	})
}

// A server looks at its source by itself, asks for approval, survives a restart meanwhile, and people read all the time.
func TestServerSyncsByItself(t *testing.T) {
	src, env := published(t, set{2000, 1, 0})
	data := filepath.Join(t.TempDir(), "data")
	env = append(env, "ANNUAIRE_SYNC_SCHEDULE=@every 1s", "ANNUAIRE_SYNC_JITTER=0s", "ANNUAIRE_LIMITS_ANONYMOUS_RPS=0", "ANNUAIRE_LIMITS_ANONYMOUS_PEOPLE_PER_HOUR=0")
	serve := []string{"serve", "--data", data, "--http", "127.0.0.1:0"}
	p := start(t, "REST", env, serve...)
	until(t, func() bool {
		_, page, err := p.get("/v1/professionals?limit=1")
		return err == nil && page.Total == 2000
	})
	secret := strings.TrimSpace(must(t, nil, "token", "new", "--data", data, "--name", "admin", "--role", "admin").out)
	readers := read(p)
	publish(t, src, set{2000, 2, 1})
	var runs struct{ Items []annuaire.SyncRun }
	awaits := func() bool {
		return askAs(t, p, secret, "GET", "/v1/sync/runs", "", &runs) == 200 && len(runs.Items) > 0 && runs.Items[0].State == annuaire.RunAwaiting
	}
	until(t, awaits)
	readers.only(t, 2000, 2000)
	if code := p.stop(t); code != 0 {
		t.Error("exit code", code, p.text())
	}
	p = start(t, "REST", env, serve...)
	until(t, awaits)
	id := runs.Items[0].ID
	if _, page, _ := p.get("/v1/professionals?limit=1"); page.Total != 2000 {
		t.Error(page.Total)
	}
	var run annuaire.SyncRun
	until(t, func() bool { // 409: the clock looks at the source just now
		return askAs(t, p, secret, "POST", "/v1/sync/runs/"+id+"/approve", `{"reason":"seen"}`, &run) == 202
	})
	until(t, func() bool {
		return askAs(t, p, secret, "GET", "/v1/sync/runs/"+id, "", &run) == 200 && run.State != annuaire.RunRunning
	})
	if run.State != annuaire.RunPublished || run.Decision == nil || !strings.HasPrefix(run.Decision.By, "token ") || run.Decision.Reason != "seen" || run.Source != "ans" {
		t.Errorf("%+v", run)
	}
	t.Run("one can be started now, of a configured source only", func(t *testing.T) {
		if code := askAs(t, p, secret, "POST", "/v1/sync/runs", `{"from":["http://127.0.0.1/x"]}`, &run); code != 400 {
			t.Error(code)
		}
		if code := askAs(t, p, secret, "POST", "/v1/sync/runs", `{"from":["ans"]}`, &run); code != 202 && code != 409 { // 409: the clock was faster
			t.Error(code)
		}
	})
	t.Run("the command decides through the server", func(t *testing.T) {
		publish(t, src, set{2000, 3, 2})
		until(t, awaits)
		if res := must(t, nil, "sync", "abort", "--data", data, "--reason", "not those"); !strings.Contains(res.out, "run "+runs.Items[0].ID+" aborted") {
			t.Error(res.out)
		}
		if code := askAs(t, p, secret, "GET", "/v1/sync/runs/"+runs.Items[0].ID, "", &run); code != 200 || run.State != annuaire.RunAborted || run.Decision.By == "" {
			t.Error(code, run)
		}
	})
	p.stop(t)
	same(t, "what the server loaded", stored(t, loaded(t, extracts(t, set{2000, 2, 1}))), stored(t, data))
	checked(t, data)
}

// askAs sends a request with a token and decodes the answer, whatever its status.
func askAs(t *testing.T, p *process, secret, method, path, body string, into any) int {
	t.Helper()
	r, err := http.NewRequest(method, p.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := (&http.Client{Timeout: deadline}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	_ = json.NewDecoder(res.Body).Decode(into) // a problem fills nothing in
	return res.StatusCode
}

// until waits for something to come true.
func until(t *testing.T, true_ func() bool) {
	t.Helper()
	for end := time.Now().Add(deadline); !true_(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never came true")
		}
	}
}

// What the command is told of a source that goes wrong.
func TestSourcesOfTheCommand(t *testing.T) {
	src, env := published(t, set{300, 1, 0})
	data := filepath.Join(t.TempDir(), "data")
	sync := []string{"sync", "--data", data, "--json"}
	if res := typedWith(t, env, append(sync, "--dry-run")...); res.code != 0 || report(t, res.out).Outcome != store.OutcomeDryRun {
		t.Fatal(res)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("the dry run left something")
	}
	if res := typedWith(t, env, sync...); res.code != 0 || report(t, res.out).People.Created != 300 {
		t.Fatal(res)
	}
	gets := src.Gets.Load()
	if res := typedWith(t, env, sync...); res.code != 3 || src.Gets.Load() != gets {
		t.Error("the same version:", res, src.Gets.Load()-gets)
	}
	publish(t, src, set{300, 1, 9})
	src.Always("GET", "/PS_LibreAcces", testsource.Page(true))
	if res := typedWith(t, env, sync...); res.code != 4 || !strings.Contains(res.err, "page web") || !strings.Contains(res.err, "web page") {
		t.Error("a page:", res)
	}
	src.Always("GET", "/PS_LibreAcces", nil)
	src.Always("HEAD", "/PS_LibreAcces", testsource.Status(503))
	if res := typedWith(t, env, sync...); res.code != 1 || !strings.Contains(res.err, "ne répond pas") {
		t.Error("away:", res)
	}
	t.Run("a folder after it is the second source", func(t *testing.T) {
		if res := typedWith(t, env, append(sync, "--from", "ans", "--from", extracts(t, set{300, 1, 9}))...); res.code != 0 {
			t.Error(res)
		}
	})
	t.Run("another kind of address is bad usage", func(t *testing.T) {
		for _, from := range []string{"ftp://x.fr/a", "https://u:p@x.fr/a"} {
			if res := typedWith(t, env, append(sync, "--from", from)...); res.code != 2 {
				t.Error(from, res)
			}
		}
	})
	t.Run("a wrong canary is bad configuration", func(t *testing.T) {
		for _, c := range []string{"profesion=10", "profession=10 >= many"} {
			if res := typedWith(t, append(env, "ANNUAIRE_SYNC_CANARIES="+c), sync...); res.code != 2 || !strings.Contains(res.err, "sync.canaries") {
				t.Error(c, res)
			}
		}
	})
	t.Run("a canary that is not there stops the run", func(t *testing.T) {
		src.Always("HEAD", "/PS_LibreAcces", nil)
		publish(t, src, set{300, 1, 12})
		before := stored(t, data)
		if res := typedWith(t, append(env, "ANNUAIRE_SYNC_CANARIES=profession=10 >= 5000"), sync...); res.code != 4 || !strings.Contains(res.err, "5000") {
			t.Error(res)
		}
		same(t, "a dead canary", before, stored(t, data))
	})
}
