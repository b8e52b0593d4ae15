package run

import (
	"context"
	"testing"

	"annuaire"
	"annuaire/internal/store"
)

func TestCanaries(t *testing.T) {
	d := settled(t)
	pharmacists := Canary{Name: "pharmaciens", Where: annuaire.OneActivity(annuaire.Equals(annuaire.FieldProfession, "21")), Least: 1150}
	one := Canary{Name: "quelqu'un", Where: annuaire.Equals(annuaire.FieldID, someone(7)), Least: 1}
	try := func(w world, yes bool, c ...Canary) (store.Run, error) {
		return Sync(context.Background(), d, Options{From: []string{w.folder(t, t.TempDir(), day2)}, Yes: yes, Settings: Settings{Canaries: c}})
	}
	refuses := func(t *testing.T, w world, c Canary) {
		t.Helper()
		seq, gen := headOf(t, d), d.Current().Name
		_, err := try(w, true, c)
		if exit := asInput(err); exit == nil || !contains(err.Error(), "canary", c.Name) {
			t.Error(err)
		}
		if headOf(t, d) != seq || d.Current().Name != gen || total(t, d, annuaire.Expr{}) != 3000 {
			t.Error("something was published")
		}
		sound(t, d)
	}
	t.Run("people who must be there and leave: nothing is published, whoever says yes", func(t *testing.T) {
		w := town()
		w.activities = without(w.activities, 7, 8)
		refuses(t, w, one)
	})
	t.Run("too few of a profession: nothing is published", func(t *testing.T) { refuses(t, fewer(), pharmacists) })
	t.Run("a first load without them is not published", func(t *testing.T) {
		empty := openDirectory(t)
		_, err := Sync(context.Background(), empty, Options{From: []string{small().folder(t, t.TempDir(), day1)}, Settings: Settings{Canaries: []Canary{one}}})
		if asInput(err) == nil || empty.Current() != nil {
			t.Error(err)
		}
	})
	t.Run("a canary that is sure to live lets the change be made in place", func(t *testing.T) {
		w := town()
		w.activities = renamed(w.activities, 1500, 1530)
		rep, err := try(w, false, pharmacists, one)
		if err != nil || rep.Outcome != store.OutcomeApplied {
			t.Error(rep, err)
		}
	})
	t.Run("one that is not sure is asked in a generation aside", func(t *testing.T) {
		w := town()
		w.activities = renamed(w.activities, 7, 8)
		rep, err := try(w, false, one)
		if err != nil || rep.Outcome != store.OutcomeLoaded || rep.People.Total() != 31 { // those of before, back, and this one
			t.Error(rep, err)
		}
		sound(t, d)
	})
}
