package run

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/model"
)

// town is 3000 people: 1500 of profession 10, 1200 of 21, and 300 of 26 and 28, with 1500 boxes in one domain, and 1600 in 400 others.
func town() (w world) {
	profession := func(i int) string {
		switch {
		case i < 1500:
			return "10"
		case i < 2700:
			return "21"
		case i < 2850:
			return "26"
		}
		return "28"
	}
	for i := range 3000 {
		w.activities = append(w.activities, activity(someone(i), fmt.Sprintf("NOM%d", i), profession(i), fmt.Sprintf("R%d", i/2), "CABINET"))
	}
	for i := range 1500 {
		w.boxes = append(w.boxes, boxRow(fmt.Sprintf("box%d", i), someone(i)))
	}
	for i := range 1600 {
		w.boxes = append(w.boxes, fields{"Type de BAL": "ORG", "Adresse BAL": fmt.Sprintf("s%d@d%d.formation.mssante.fr", i%4, i/4), "Raison Sociale structure BAL": "CH"})
	}
	w.skills, w.diplomas = []fields{skill(someone(0), "10", "SM54")}, []fields{diploma(someone(0), "DE09")}
	return w
}

func someone(i int) string { return fmt.Sprintf("8990%08d", i) }

// settled is town loaded on day1: once for all tests, each of which gets a copy.
func settled(t *testing.T) *directory.Directory {
	t.Helper()
	templates.Do(func() {
		var err error
		template, err = os.MkdirTemp("", "annuaire-run-")
		ok(t, err)
		d, err := directory.Open(template)
		ok(t, err)
		if rep := take(t, d, town(), day1); rep.Outcome != store.OutcomeLoaded {
			t.Fatal(rep)
		}
		ok(t, d.Close())
	})
	dir := t.TempDir()
	ok(t, os.CopyFS(dir, os.DirFS(template)))
	d, err := directory.Open(dir)
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()) })
	return d
}

var (
	templates sync.Once
	template  string // removed by TestMain
)

// without removes rows from a to b.
func without(rows []fields, a, b int) []fields { return slices.Delete(slices.Clone(rows), a, b) }

func renamed(rows []fields, a, b int) []fields {
	out := slices.Clone(rows)
	for i := a; i < b; i++ {
		out[i] = out[i].with("Nom d'exercice", "AUTRE")
	}
	return out
}

func TestGate(t *testing.T) {
	d := settled(t)
	before := stateOf(t, d)
	for _, tt := range []struct {
		rule string
		edit func(*world)
		gate Thresholds
		want []string // findings: kind by group change count/members hard
	}{
		{"a few departures everywhere pass", func(w *world) { w.activities = without(w.activities, 0, 50) }, Thresholds{}, nil},
		{"a profession of 1000 members or more counts alone", func(w *world) { w.activities = without(w.activities, 1500, 1570) }, Thresholds{},
			[]string{"person profession 21 gone 70/1200 false"}},
		{"a share of exactly the threshold passes", func(w *world) { w.activities = without(w.activities, 1500, 1560) }, Thresholds{}, nil},
		{"changes count as departures do", func(w *world) { w.activities = renamed(w.activities, 1500, 1570) }, Thresholds{},
			[]string{"person profession 21 changed 70/1200 false"}},
		{"smaller professions count together, as if they were 1000", func(w *world) { w.activities = without(w.activities, 2840, 2891) }, Thresholds{},
			[]string{"person profession  gone 51/300 false"}},
		{"whole mail domains of four boxes leave, and pass", func(w *world) { w.boxes = without(w.boxes, 1500, 1580) }, Thresholds{}, nil},
		{"too many small domains together do not", func(w *world) { w.boxes = without(w.boxes, 1500, 1600) }, Thresholds{},
			[]string{"mailbox domain  gone 100/1600 false"}},
		{"a large domain counts alone", func(w *world) { w.boxes = without(w.boxes, 0, 100) }, Thresholds{},
			[]string{"mailbox domain x.formation.mssante.fr gone 100/1500 false"}},
		{"a département, and everybody", func(w *world) { w.activities = without(w.activities, 0, 600) }, Thresholds{},
			[]string{"person profession 10 gone 600/1500 true", "person all  gone 600/3000 true", "person department 48 gone 600/3000 true",
				"structure all  gone 300/1500 true", "structure department 48 gone 300/1500 true"}},
		{"thresholds are settings", func(w *world) { w.activities = without(w.activities, 1500, 1570) }, Thresholds{Soft: 2, Hard: 3},
			[]string{"person profession 21 gone 70/1200 true", "person all  gone 70/3000 false", "person department 48 gone 70/3000 false",
				"structure all  gone 35/1500 false", "structure department 48 gone 35/1500 false"}},
		{"so is the size from which a group counts alone", func(w *world) { w.activities = without(w.activities, 2840, 2870) }, Thresholds{Alone: 100, Hard: 50},
			[]string{"person profession 28 gone 20/150 false", "person profession 26 gone 10/150 false"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := town()
			tt.edit(&w)
			rep, err := Sync(context.Background(), d, Options{From: []string{w.folder(t, t.TempDir(), day2)}, DryRun: true, Settings: Settings{Gate: tt.gate}})
			ok(t, err)
			var got []string
			for _, f := range rep.Gate.Findings {
				got = append(got, fmt.Sprintf("%s %s %s %s %d/%d %t", f.Kind, f.By, f.Group, f.Change, f.Count, f.Members, f.Hard))
				if len(f.Examples) != annuaire.MaxGateExamples || f.Examples[0].ID == "" || f.Examples[0].What == "" {
					t.Errorf("%d examples: %+v", len(f.Examples), f.Examples)
				}
			}
			if !slices.Equal(got, tt.want) || rep.Gate.Closed != (len(tt.want) > 0) {
				t.Errorf("closed %t\n got %s\nwant %s", rep.Gate.Closed, strings.Join(got, "\n     "), strings.Join(tt.want, "\n     "))
			}
		})
	}
	t.Run("between the thresholds it may be set to pass with a warning", func(t *testing.T) {
		w := town()
		w.activities = without(w.activities, 1500, 1570)
		rep, err := Sync(context.Background(), d, Options{From: []string{w.folder(t, t.TempDir(), day2)}, DryRun: true, Settings: Settings{Gate: Thresholds{Pass: true}}})
		ok(t, err)
		if rep.Gate.Closed || len(rep.Gate.Findings) != 1 || !strings.Contains(strings.Join(rep.Warnings, " "), "1 groups are above the first threshold") {
			t.Errorf("%+v %v", rep.Gate, rep.Warnings)
		}
		w.activities = without(w.activities, 1500, 1900)
		rep, err = Sync(context.Background(), d, Options{From: []string{w.folder(t, t.TempDir(), day2)}, DryRun: true, Settings: Settings{Gate: Thresholds{Pass: true}}})
		ok(t, err)
		if !rep.Gate.Closed || !rep.Gate.Findings[0].Hard {
			t.Errorf("above the second one it passes too: %+v", rep.Gate)
		}
	})
	t.Run("examples say who, and what differs", func(t *testing.T) {
		w := town()
		w.activities = renamed(w.activities, 1500, 1570)
		rep, err := Sync(context.Background(), d, Options{From: []string{w.folder(t, t.TempDir(), day2)}, DryRun: true})
		ok(t, err)
		x := rep.Gate.Findings[0].Examples[0]
		if x.ID != someone(1500) || x.What != "NOM1500 — Pharmacien, Lozère" || !slices.Equal(x.Differs, []string{"family: NOM1500 → AUTRE"}) {
			t.Errorf("%+v", x)
		}
	})
	t.Run("groups are counted by the indexes as the records say", func(t *testing.T) {
		ok(t, d.Use(func(g *directory.Generation) error {
			return d.National(g, func(r directory.National) error {
				s := &sizes{ctx: context.Background(), g: g, old: r}
				for _, dim := range []dimension{{annuaire.KindPerson, byProfession}, {annuaire.KindPerson, byDepartment}, {annuaire.KindStructure, byDepartment}} {
					indexed, err := s.count(dim)
					ok(t, err)
					read, err := s.read(dim)
					ok(t, err)
					if !maps.Equal(indexed, read) || len(read) == 0 {
						t.Error(dim, indexed, read)
					}
				}
				return nil
			})
		}))
	})
	same(t, "a dry run touched the data", before, stateOf(t, d))
	t.Run("records that other rules change are no change of the extract", func(t *testing.T) {
		oldRules(t, d)
		rep, err := Sync(context.Background(), d, Options{From: []string{renamedTown().folder(t, t.TempDir(), day2)}, DryRun: true})
		ok(t, err)
		if rep.Gate.Closed || model.Version == 0 {
			t.Errorf("%+v", rep.Gate.Findings)
		}
	})
}

func renamedTown() world {
	w := town()
	w.activities = renamed(w.activities, 0, 3000)
	return w
}
