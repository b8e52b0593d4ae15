package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"annuaire/bench/rig"
)

var update = flag.Bool("update", false, "write the golden files")

// aRun is a run with every part, of made-up figures.
func aRun() *results {
	o, _ := parseOptions([]string{"-people", "50000"}, nil)
	r := &results{
		options: o, rows: 57_400, when: time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC),
		machine: rig.Machine{CPU: "Some CPU", Cores: 2, Memory: 24 << 30, Platform: "linux/amd64, go1.26", Peers: []string{"SQLite 3.40.1", "PostgreSQL 15.18"}},
		load: &loadResult{
			ours:     rig.Cost{Wall: 90 * time.Second, User: 150 * time.Second, Sys: 5 * time.Second, Peaks: rig.Peaks{Anon: 1 << 30, Total: 3 << 30}, Disk: 2 << 30},
			sqlite:   rig.Peer{Cost: rig.Cost{Wall: 99 * time.Second, User: 95 * time.Second, Sys: 3 * time.Second, Peaks: rig.Peaks{Anon: 512 << 20, Total: 600 << 20}, Disk: 3 << 30}},
			postgres: rig.Peer{Cost: rig.Cost{Wall: 180 * time.Second, User: 200 * time.Second, Sys: 20 * time.Second, Peaks: rig.Peaks{Anon: 4 << 30, Total: 5 << 30}, Disk: 6 << 30}},
		},
		start: &startResult{times: []time.Duration{400 * time.Millisecond, 300 * time.Millisecond, 700 * time.Millisecond}},
		delta: &deltaResult{
			report: rig.SyncReport{People: rig.Counts{Created: 10, Changed: 180, Gone: 12}, Structures: rig.Counts{Created: 1, Changed: 2, Gone: 3}, Mailboxes: rig.Counts{Created: 4, Changed: 5, Gone: 6}},
			took:   rig.Cost{Wall: 13 * time.Second}, server: rig.Peaks{Anon: 700 << 20, Total: 900 << 20}, again: []time.Duration{20 * time.Millisecond},
			before: rig.Spread{P50: time.Millisecond, P99: 9 * time.Millisecond, Max: 12 * time.Millisecond},
			during: rig.Spread{P50: 2 * time.Millisecond, P99: 30 * time.Millisecond, Max: 80 * time.Millisecond}, asked: 4321,
		},
		search: &searchResult{alone: rig.Spread{P50: 1e6, P99: 5e6, Max: 9e6}, crowd: rig.Spread{P50: 4e6, P99: 40e6, Max: 90e6}, server: rig.Peaks{Anon: 200 << 20, Total: 800 << 20}},
	}
	for k := range mix {
		r.search.kinds = append(r.search.kinds, kindResult{
			values: 30, people: int64(k), alone: rig.Spread{P50: 1e6, P99: 2e6, Max: 3e6}, crowd: rig.Spread{P50: 4e6, P99: 8e6, Max: 9e6}, inside: 5e5,
			ids: rig.Spread{P50: 20e6, P99: 30e6, Max: 40e6}, items: rig.Spread{P50: 25e6, P99: 35e6, Max: 45e6}, form: k % 2, agreement: agreement{30, 29, 28, 0.0123},
		})
	}
	return r
}

func TestDocument(t *testing.T) {
	full, bare := aRun(), aRun()
	bare.load.sqlite = rig.Peer{Why: rig.Why("sqlite3", rig.Unmeasured("sqlite3 is not installed (apt-get install sqlite3)"))}
	bare.load.postgres = rig.Peer{Why: rig.Why("PostgreSQL", rig.Unmeasured("PostgreSQL is not installed (apt-get install postgresql-15)"))}
	bare.search.forgetPostgres(bare.load.postgres.Why)
	bare.machine.Peers = nil
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
	for _, row := range summary(r).Rows {
		if v := row[5]; v != rig.None {
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
		"slower than SQLite is not":          {func(r *results) { r.load.ours.Wall = 100 * time.Second }, "first load", "**no**"},
		"a peer not measured judges nothing": {func(r *results) { r.load.sqlite = rig.Peer{Why: "not measured"} }, "first load", ""},
		"memory over the target":             {func(r *results) { r.load.ours.Anon = targetAnon + 1 }, "— anonymous memory, peak", "**no**"},
		"memory not measured":                {func(r *results) { r.load.ours.Anon = 0 }, "— anonymous memory, peak", ""},
		"a delta over the target":            {func(*results) {}, "daily sync, 0.40 % of people changed", "**no**"},
		"readers were not blocked":           {func(*results) {}, "— longest answer during it", "yes"},
		"one reader was":                     {func(r *results) { r.delta.during.Max = 2 * time.Second }, "— longest answer during it", "**no**"},
		"nobody asked":                       {func(r *results) { r.delta.asked = 0 }, "— longest answer during it", "**no**"},
		"the median start counts":            {func(*results) {}, "start to first answer", "yes"},
		"a mean of twenty is met":            {func(*results) {}, "search mix, geometric mean; PostgreSQL returns identifiers", "yes"},
		"one question slower":                {func(r *results) { r.search.kinds[3].alone.P50 = time.Minute }, "— smallest ratio", "**no**"},
		"one question unanswered":            {func(r *results) { r.search.kinds[3].ids = rig.Spread{} }, "search mix, geometric mean; PostgreSQL returns identifiers", ""},
		"the crowd waits too long":           {func(r *results) { r.search.crowd.P99 = 51 * time.Millisecond }, "— p99 at 8 clients", "**no**"},
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
