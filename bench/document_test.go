package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// aRun is a run with every part, of made-up figures.
func aRun() *results {
	o, _ := parseOptions([]string{"-people", "50000"}, nil)
	r := &results{
		options: o, rows: 57_400, when: time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC),
		machine: machine{cpu: "Some CPU", cores: 2, memory: 24 << 30, platform: "linux/amd64, go1.26", sqlite: "3.40.1", postgres: "postgres (PostgreSQL) 15.18"},
		load: &loadResult{
			ours:     cost{wall: 90 * time.Second, user: 150 * time.Second, sys: 5 * time.Second, peaks: peaks{1 << 30, 3 << 30}, disk: 2 << 30},
			sqlite:   peer{cost: cost{wall: 99 * time.Second, user: 95 * time.Second, sys: 3 * time.Second, peaks: peaks{512 << 20, 600 << 20}, disk: 3 << 30}},
			postgres: peer{cost: cost{wall: 180 * time.Second, user: 200 * time.Second, sys: 20 * time.Second, peaks: peaks{4 << 30, 5 << 30}, disk: 6 << 30}},
		},
		start: &startResult{times: []time.Duration{400 * time.Millisecond, 300 * time.Millisecond, 700 * time.Millisecond}},
		delta: &deltaResult{
			report: syncReport{People: counts{10, 180, 12}, Structures: counts{1, 2, 3}, Mailboxes: counts{4, 5, 6}},
			took:   cost{wall: 13 * time.Second}, server: peaks{700 << 20, 900 << 20}, again: []time.Duration{20 * time.Millisecond},
			before: spread{time.Millisecond, 9 * time.Millisecond, 12 * time.Millisecond},
			during: spread{2 * time.Millisecond, 30 * time.Millisecond, 80 * time.Millisecond}, asked: 4321,
		},
		search: &searchResult{alone: spread{1e6, 5e6, 9e6}, crowd: spread{4e6, 40e6, 90e6}, server: peaks{200 << 20, 800 << 20}},
	}
	for k := range mix {
		r.search.kinds = append(r.search.kinds, kindResult{
			values: 30, people: int64(k), alone: spread{1e6, 2e6, 3e6}, crowd: spread{4e6, 8e6, 9e6}, inside: 5e5,
			ids: spread{20e6, 30e6, 40e6}, items: spread{25e6, 35e6, 45e6}, form: k % 2, agreement: agreement{30, 29, 28, 0.0123},
		})
	}
	return r
}

func TestDocument(t *testing.T) {
	full, bare := aRun(), aRun()
	bare.load.sqlite = peer{why: why("sqlite3", unmeasured("sqlite3 is not installed (apt-get install sqlite3)"))}
	bare.load.postgres = peer{why: why("PostgreSQL", unmeasured("PostgreSQL is not installed (apt-get install postgresql-15)"))}
	bare.search.forgetPostgres(bare.load.postgres.why)
	bare.machine.sqlite, bare.machine.postgres = "", ""
	for name, r := range map[string]*results{"every part": full, "no peer": bare} {
		t.Run(name, func(t *testing.T) {
			got, _, ok := strings.Cut(document(r), method)
			if !ok || !strings.HasSuffix(document(r), notes) {
				t.Error("the page does not end with the method and the notes")
			}
			golden := filepath.Join("testdata", strings.ReplaceAll(name, " ", "_")+".md")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAPartThatWasNotAskedForIsNotShown(t *testing.T) {
	got := document(&results{options: options{people: 5000}})
	for _, title := range []string{"## First load", "## Daily sync", "## Start", "## Search mix"} {
		if strings.Contains(got, title) {
			t.Errorf("%s of nothing", title)
		}
	}
}

// verdicts lists the targets met and missed.
func verdicts(r *results) map[string]string {
	out := map[string]string{}
	for _, row := range summary(r).rows {
		if v := row[5]; v != none {
			out[row[0]] = v
		}
	}
	return out
}

func TestVerdicts(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*results)
		row    string
		want   string
	}{
		"no slower than SQLite is met":       {func(*results) {}, "first load", "yes"},
		"slower than SQLite is not":          {func(r *results) { r.load.ours.wall = 100 * time.Second }, "first load", "**no**"},
		"a peer not measured judges nothing": {func(r *results) { r.load.sqlite = peer{why: "not measured"} }, "first load", ""},
		"memory over the target":             {func(r *results) { r.load.ours.anon = targetAnon + 1 }, "— anonymous memory, peak", "**no**"},
		"memory not measured":                {func(r *results) { r.load.ours.anon = 0 }, "— anonymous memory, peak", ""},
		"a delta over the target":            {func(*results) {}, "daily sync, 0.40 % of people changed", "**no**"},
		"readers were not blocked":           {func(*results) {}, "— longest answer during it", "yes"},
		"one reader was":                     {func(r *results) { r.delta.during.max = 2 * time.Second }, "— longest answer during it", "**no**"},
		"nobody asked":                       {func(r *results) { r.delta.asked = 0 }, "— longest answer during it", "**no**"},
		"the median start counts":            {func(*results) {}, "start to first answer", "yes"},
		"a mean of twenty is met":            {func(*results) {}, "search mix, geometric mean; PostgreSQL returns identifiers", "yes"},
		"one question slower":                {func(r *results) { r.search.kinds[3].alone.p50 = time.Minute }, "— smallest ratio", "**no**"},
		"one question unanswered":            {func(r *results) { r.search.kinds[3].ids = spread{} }, "search mix, geometric mean; PostgreSQL returns identifiers", ""},
		"the crowd waits too long":           {func(r *results) { r.search.crowd.p99 = 51 * time.Millisecond }, "— p99 at 8 clients", "**no**"},
	} {
		t.Run(name, func(t *testing.T) {
			r := aRun()
			c.change(r)
			if got := verdicts(r)[c.row]; got != c.want {
				t.Errorf("%q: %q, want %q (of %v)", c.row, got, c.want, verdicts(r))
			}
		})
	}
}

func TestWriteDoc(t *testing.T) {
	path := filepath.Join(t.TempDir(), "B.md")
	for _, text := range []string{"one", "two"} {
		if err := writeDoc(path, text); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != text {
			t.Errorf("%q, %v", b, err)
		}
	}
}

func TestMachine(t *testing.T) {
	if got := cpuModel("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nmodel name\t: Other\n"); got != "Some CPU @ 2 GHz" {
		t.Errorf("got %q", got)
	}
	if got := cpuModel("Features : fp asimd\n"); got != "" {
		t.Errorf("got %q", got)
	}
	if got := totalMemory(); got < 64<<20 {
		t.Errorf("%d bytes of memory", got)
	}
	if got := firstWords(t.Context(), 2, "echo", "a", "b", "c"); got != "a b" {
		t.Errorf("got %q", got)
	}
	if got := firstWords(t.Context(), 2, "no-such-program-here"); got != "" {
		t.Errorf("got %q", got)
	}
}
