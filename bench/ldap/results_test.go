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

func TestMediansOfTurns(t *testing.T) {
	turns := []turn{
		{done: 100, took: time.Second, spread: rig.Spread{P50: 5, P99: 9}, cpu: 100 * time.Millisecond},
		{done: 300, took: time.Second, spread: rig.Spread{P50: 1, P99: 30}, cpu: 150 * time.Millisecond, refused: 2, why: "result 51"},
		{done: 200, took: time.Second, spread: rig.Spread{P50: 3, P99: 20}, cpu: 400 * time.Millisecond, cut: 1},
	}
	want := figures{rate: 200, p50: 3, p99: 20, cpu: time.Millisecond, refused: 2, why: "result 51", cut: 1}
	if d := cmp.Diff(want, medianOf(turns), cmp.AllowUnexported(figures{})); d != "" {
		t.Error(d)
	}
	t.Run("of none there is none", func(t *testing.T) {
		if got := medianOf(nil); got != (figures{}) {
			t.Errorf("%+v", got)
		}
	})
	t.Run("a turn without an answer counts as one in its time, and says so", func(t *testing.T) {
		got := medianOf([]turn{{took: 4 * time.Second, cut: 8}})
		if got.rate != 0.25 || !got.none || got.cpu != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestAgreement(t *testing.T) {
	whole := func(names ...string) answer { return answer{outcome{entries: len(names)}, names} }
	cut := func(names ...string) answer { return answer{outcome{entries: len(names), code: 4}, names} }
	var g agreement
	for _, p := range [][2]answer{
		{whole("a", "b"), whole("a", "b")},
		{whole("a", "b"), whole("a", "c")},
		{whole("a", "b"), whole("a")},
		{whole(), whole("a")},
		{cut("a", "b"), cut("a", "c")},
		{cut("a", "b"), whole("a")},
	} {
		g.add(request{}, p[0], p[1])
	}
	if len(g.differ) != 3 || g.differ[1].slapd[0] != "a" {
		t.Errorf("they differ in %v", g.differ)
	}
	g.differ = nil
	want := agreement{asked: 6, whole: 4, same: 2, names: 1, more: 1, fewer: 1, cut: 1}
	if d := cmp.Diff(want, g, cmp.AllowUnexported(agreement{})); d != "" {
		t.Error(d)
	}
}

// aRun is a run of made-up figures.
func aRun(t *testing.T) *results {
	t.Helper()
	o, err := parseOptions([]string{"-people", "50000", "-conns", "1,8"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &results{options: o, entries: 13_000, when: time.Date(2026, 11, 26, 8, 30, 0, 0, time.UTC), dropped: 3,
		machine: rig.Machine{CPU: "Some CPU", Cores: 2, Memory: 24 << 30, Platform: "linux/amd64, go1.26", Peers: []string{"slapd 2.5.13"}},
		ours: serverResult{rig.Cost{Wall: 9 * time.Second, User: 8 * time.Second, Peaks: rig.Peaks{Anon: 300 << 20}, Disk: 30 << 20},
			&fullRead{13_000, 100 * time.Millisecond, 90 * time.Millisecond}, rig.Peaks{Anon: 60 << 20, Total: 90 << 20}},
		slapd: serverResult{rig.Cost{Wall: 3 * time.Second, User: 4 * time.Second, Peaks: rig.Peaks{Anon: 3 << 20}, Disk: 46 << 20},
			&fullRead{13_000, 200 * time.Millisecond, 190 * time.Millisecond}, rig.Peaks{Anon: 17 << 20, Total: 70 << 20}},
	}
	for i, q := range questions {
		k := kindResult{question: q, values: 30, found: []int{5, i, 100}, agreement: agreement{asked: 30, whole: 20, same: 19, names: 19, more: 1, strict: 1, cut: 10}, turns: map[int]pair{}}
		for _, n := range o.conns {
			k.turns[n] = pair{
				ours:  figures{rate: 4000 * float64(n), p50: 300 * time.Microsecond, p99: 2 * time.Millisecond, cpu: 9 * time.Microsecond},
				slapd: figures{rate: 1000 * float64(n), p50: time.Millisecond, p99: 4 * time.Millisecond, cpu: 1100 * time.Microsecond},
			}
		}
		r.kinds = append(r.kinds, k)
	}
	return r
}

func TestDocument(t *testing.T) {
	full, bare := aRun(t), aRun(t)
	slow := full.kinds[5].turns[8]
	slow.slapd = figures{rate: 0.02, p50: 45 * time.Second, p99: 46 * time.Second, cut: 24, none: true}
	slow.ours.refused, slow.ours.why = 2, "result 51 busy"
	full.kinds[5].turns[8] = slow
	bare.why, bare.slapd, bare.machine.Peers = rig.Why(slapdName, rig.Unmeasured("slapd is not installed")), serverResult{}, []string{""}
	for i := range bare.kinds {
		bare.kinds[i].agreement = agreement{}
		for n, p := range bare.kinds[i].turns {
			bare.kinds[i].turns[n] = pair{ours: p.ours}
		}
	}
	for name, r := range map[string]*results{"both": full, "alone": bare} {
		t.Run(name, func(t *testing.T) {
			got, _, ok := strings.Cut(document(r), method)
			if !ok || !strings.HasSuffix(document(r), notes) {
				t.Error("the page does not end with the method and the notes")
			}
			golden := filepath.Join("testdata", name+".md")
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
	mean := "searches/s, 8 connections: geometric mean of 18 questions"
	change := func(k, n int, by func(*pair)) func(*results) {
		return func(r *results) {
			p := r.kinds[k].turns[n]
			by(&p)
			r.kinds[k].turns[n] = p
		}
	}
	for name, c := range map[string]struct {
		change func(*results)
		row    string
		want   string
	}{
		"four times slapd is met":      {func(*results) {}, mean, "yes"},
		"one question below is told":   {change(3, 8, func(p *pair) { p.ours.rate = 23_999 }), "— smallest ratio: " + questions[3].name, "**no**"},
		"each has to reach the target": {change(3, 8, func(p *pair) { p.ours.rate = 23_999 }), "— questions at the target", "**no**"},
		"and may bring the mean down":  {change(3, 8, func(p *pair) { p.ours.rate = 1 }), mean, "**no**"},
		"a peer not measured judges nothing": {func(r *results) {
			for i := range r.kinds {
				r.kinds[i].turns[8] = pair{ours: r.kinds[i].turns[8].ours}
			}
		}, mean, ""},
		"ten milliseconds for a letter is met":   {change(0, 1, func(p *pair) { p.ours.p50 = targetShort }), "p50, 1 connection: " + questions[0].name, "yes"},
		"more is not":                            {change(0, 1, func(p *pair) { p.ours.p50 = targetShort + 1 }), "p50, 1 connection: " + questions[0].name, "**no**"},
		"six letters have no such target":        {change(3, 1, func(p *pair) { p.ours.p50 = time.Second }), "p50, 1 connection: " + questions[3].name, ""},
		"letters that nobody has are judged too": {change(5, 1, func(p *pair) { p.ours.p50 = time.Second }), "p50, 1 connection: " + questions[5].name, "**no**"},
	} {
		t.Run(name, func(t *testing.T) {
			r := aRun(t)
			c.change(r)
			if got := verdicts(r)[c.row]; got != c.want {
				t.Errorf("%q: %q, want %q (of %v)", c.row, got, c.want, verdicts(r))
			}
		})
	}
}

func TestFigures(t *testing.T) {
	for want, f := range map[string]float64{"—": 0, "0.05": 0.05, "9.99": 9.99, "10.0": 10, "99.9": 99.9, "123": 123.4} {
		if got := perSecond(f); got != want {
			t.Errorf("perSecond(%v) = %q, want %q", f, got, want)
		}
	}
	for want, d := range map[string]time.Duration{"—": 0, "5.5 µs": 5500, "120 µs": 120 * time.Microsecond, "1.00 ms": time.Millisecond} {
		if got := fine(d); got != want {
			t.Errorf("fine(%d) = %q, want %q", d, got, want)
		}
	}
}
