package api

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"annuaire"
)

// someRuns is a first load and two updates, the latest first.
var someRuns = []annuaire.Publication{
	{Run: "000044", Extract: extractTime, Mailboxes: extractTime.Add(20 * time.Minute), People: annuaire.Counts{Created: 3, Changed: 20, Gone: 2}, Boxes: annuaire.Counts{Created: 1}, Departments: map[string]annuaire.Counts{"48": {Created: 2, Changed: 5}, "99": {Gone: 1}}},
	{Run: "000043", Extract: extractTime.AddDate(0, 0, -1), People: annuaire.Counts{Created: 1, Changed: 5}, Departments: map[string]annuaire.Counts{"48": {Created: 1}}},
	{Run: "000042", Extract: extractTime.AddDate(0, 0, -2), Loaded: true, People: annuaire.Counts{Created: 20000}},
}

func TestStateOfTheData(t *testing.T) {
	t.Parallel()
	d := newFake()
	d.runs = someRuns
	d.facets = map[annuaire.Field][]annuaire.FacetCount{"region": {{Coded: annuaire.Coded{Code: "76", Label: "Occitanie"}, Count: 7}}, "department": {{Coded: annuaire.Coded{Code: "48", Label: "Lozère"}, Count: 7}}}
	page := parsed(t, do(t, pageServer(d), "GET", "/etat").Body.String())
	said := textOf(page.root)
	for _, want := range []string{"extraction du 21 novembre 2026, 04:12 UTC (il y a 1 jour)", "21 novembre 2026, 04:32 UTC", "chargement complet", "+3 ~20 −2"} {
		if !strings.Contains(said, want) {
			t.Errorf("does not say %q: %s", want, said)
		}
	}
	t.Run("what changed where is the sum of the updates shown", func(t *testing.T) {
		if !strings.Contains(said, "48 Lozère7+3 ~5 −0") || !strings.Contains(said, "Où les mises à jour récentes ont le plus changé") {
			t.Error(said)
		}
	})
	t.Run("a first load is no bar: it would hide the others", func(t *testing.T) {
		bars := 0
		for _, g := range page.all("g") {
			if strings.Contains(textOf(g), "novembre") {
				bars++
			}
		}
		if bars != 3*2 {
			t.Errorf("%d bars", bars)
		}
	})
	t.Run("every chart and the map have their figures in a table", func(t *testing.T) {
		if n := len(page.all("table")); n != 2 {
			t.Errorf("%d tables", n)
		}
	})
}

func TestFiguresAreCountedOnce(t *testing.T) {
	t.Parallel()
	d := newFake()
	d.runs = someRuns
	now := extractTime
	s := New(Options{Directory: d, Runs: d, Pages: true, Now: func() time.Time { return now }})
	people := func() int {
		st, err := s.state(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return st.People
	}
	if people() != 2 {
		t.Fatal(people())
	}
	d.people = d.people[:1]
	if people() != 2 {
		t.Error("counted again at once")
	}
	now = now.Add(stateKept)
	if people() != 1 {
		t.Error("not counted again after a while")
	}
	d.people = append(d.people, d.people[0])
	d.runs = append([]annuaire.Publication{{Run: "000045", Extract: extractTime}}, d.runs...)
	if people() != 2 {
		t.Error("not counted again after a run")
	}
}

// A crowd on the first page when figures are due: one visitor counts, the others wait for what they found, or until their own time is up.
func TestACrowdCountsOnce(t *testing.T) {
	t.Parallel()
	d, counts, proceed := newFake(), atomic.Int32{}, make(chan struct{})
	d.runs = someRuns
	d.fail = func(ctx context.Context, what string) error {
		if what == "professionals" {
			counts.Add(1)
			select {
			case <-proceed:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	s := New(Options{Directory: d, Runs: d, Pages: true, Now: func() time.Time { return extractTime }})
	var crowd sync.WaitGroup
	for range 20 {
		crowd.Go(func() {
			if st, err := s.state(t.Context()); err != nil || st.People != 2 {
				t.Error(st.People, err)
			}
		})
	}
	for counts.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.state(gone); err == nil {
		t.Error("whoever has no time left waits for it")
	}
	close(proceed)
	crowd.Wait()
	if n := counts.Load(); n != 1 {
		t.Errorf("counted %d times", n)
	}
}
