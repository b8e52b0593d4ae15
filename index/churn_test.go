package index

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"annuaire"

	"github.com/google/go-cmp/cmp"
)

// step changes some people of the world, and the index with them.
func (w *world) step(t testing.TB, p *People, seq uint64) {
	t.Helper()
	var up []PersonDoc
	var gone []string
	ids := slices.Sorted(maps.Keys(w.people))
	for range w.rng.IntN(30) {
		id := pick(w.rng, ids)
		if w.rng.IntN(3) == 0 {
			gone = append(gone, id)
			delete(w.people, id)
		}
	}
	for range w.rng.IntN(30) {
		id := pick(w.rng, ids)
		if w.rng.IntN(2) == 0 {
			id = fmt.Sprintf("8991%08d", w.rng.IntN(1_000_000))
		}
		doc := w.person(id)
		w.people[id] = doc
		up = append(up, doc)
	}
	last := map[string]PersonDoc{} // of a person changed twice, the last counts
	for _, d := range up {
		last[d.Person.ID] = d
	}
	up = slices.Collect(maps.Values(last))
	if err := p.Apply(seq, up, gone); err != nil {
		t.Fatal(err)
	}
}

func (w *world) check(t testing.TB, p *People, seq uint64) {
	t.Helper()
	m := model{w.people}
	for _, e := range []annuaire.Expr{
		{}, annuaire.Prefix("family", "m"), annuaire.OneActivity(annuaire.Equals("profession", "10"), annuaire.Equals("city", "lyon")),
		annuaire.And(annuaire.Prefix("name", "martin"), annuaire.Not(annuaire.Equals("mode", "L"))),
		annuaire.Not(annuaire.OneActivity(annuaire.Equals("mode", "S"), annuaire.Equals("sector", "SA01"))),
		annuaire.Equals("has_mailbox", "true"), annuaire.OneActivity(annuaire.Prefix("structure", "centre h"), annuaire.Prefix("street", "rue lilas")),
	} {
		got, totals := allPages(t, p, annuaire.Query{Where: e, Limit: 200})
		if diff := cmp.Diff(m.find(e), got); diff != "" || !totals[len(got)] {
			t.Fatalf("after change %d, %+v (totals %v): -want +got\n%s", seq, e, totals, diff)
		}
	}
	want := map[string]uint64{}
	for id, d := range w.people {
		want[id] = NewFingerprints().Person(d)
	}
	got := map[string]uint64{}
	err := p.EachFingerprint(func(id string, print uint64) error {
		if _, twice := got[id]; twice {
			return fmt.Errorf("%s is indexed twice", id)
		}
		got[id] = print
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("prints after change %d: -want +got\n%s", seq, diff)
	}
	if got, err := p.Seq(); got != seq || err != nil {
		t.Fatalf("seq %d, want %d: %v", got, seq, err)
	}
}

func TestChangesDeletionsAndMergesLeaveWhatAFreshBuildWouldHold(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := newWorld(100+seed, 150)
			p, dir := w.build(t)
			for seq := uint64(2); seq < 32; seq++ {
				w.step(t, p, seq)
				if seq%5 == 0 {
					w.check(t, p, seq)
				}
				if seq%11 == 0 {
					if err := p.Close(); err != nil {
						t.Fatal(err)
					}
					p = openPeople(t, dir)
					w.check(t, p, seq)
				}
			}
			w.check(t, p, 31)
		})
	}
}

func TestTheSameChangeTwiceIsTheSameAsOnce(t *testing.T) {
	w := newWorld(6, 50)
	p, _ := w.build(t)
	doc := w.person("899000000007")
	w.people[doc.Person.ID] = doc
	delete(w.people, "899000000008")
	for range 2 {
		if err := p.Apply(9, []PersonDoc{doc}, []string{"899000000008", "899999999999"}); err != nil {
			t.Fatal(err)
		}
		w.check(t, p, 9)
	}
}

func TestAnEmptyChangeMovesTheSequence(t *testing.T) {
	w := newWorld(6, 5)
	p, _ := w.build(t)
	if err := p.Apply(12, nil, nil); err != nil {
		t.Fatal(err)
	}
	w.check(t, p, 12)
}

// Whoever is there from the first page to the last appears once; whoever comes or goes meanwhile appears once or not at all.
func TestPagesFollowByKeyWhateverChangesBetweenThem(t *testing.T) {
	for _, sort := range []annuaire.Sort{annuaire.SortRelevance, annuaire.SortName} {
		w := newWorld(7, 300)
		p, _ := w.build(t)
		q := annuaire.Query{Where: annuaire.Prefix("name", "m"), Limit: 7, Sort: sort}
		stay := map[string]bool{}
		for _, id := range (model{w.people}).find(q.Where) {
			stay[id] = true
		}
		before := maps.Clone(w.people)
		seen := map[string]int{}
		for seq := uint64(2); ; seq++ {
			r, err := p.Search(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range r.Hits {
				seen[h.ID]++
			}
			if q.After = r.Next; q.After == nil {
				break
			}
			w.step(t, p, seq)
			for id := range stay { // changed or gone: no promise
				if now, ok := w.people[id]; !ok || now.Person != before[id].Person {
					delete(stay, id)
				}
			}
		}
		for id := range stay {
			if seen[id] != 1 {
				t.Errorf("%s: %s seen %d times", sort, id, seen[id])
			}
		}
		if len(stay) < 20 {
			t.Errorf("only %d stayed: the test says nothing", len(stay))
		}
	}
}
