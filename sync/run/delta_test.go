package run

import (
	"slices"
	"testing"

	"annuaire"
	"annuaire/internal/store"
)

func TestFirstLoad(t *testing.T) {
	d := openDirectory(t)
	rep := take(t, d, small(), day1)
	if rep.Outcome != store.OutcomeLoaded || rep.ID != "000001" || rep.Generation != "000001" {
		t.Errorf("%+v", rep)
	}
	if rep.People != (annuaire.Counts{Created: 3}) || rep.Structures != (annuaire.Counts{Created: 2}) || rep.Mailboxes != (annuaire.Counts{Created: 4}) {
		t.Errorf("%+v", rep)
	}
	if rep.Extract.Format("200601021504") != day1 || rep.MailboxesAt != rep.Extract || rep.Rows["PS_LibreAcces_Personne_activite"] != 4 {
		t.Errorf("%+v", rep)
	}
	s := stateOf(t, d)
	if a := s.People[anna]; a.Family != "ANNA" || a.Activities[0].Structure.Name != "CABINET" || a.Practices[0].Specialties[0].Code != "SM54" ||
		a.Practices[0].Diplomas[0].Code != "DE09" || a.Source.Run != "000001" {
		t.Errorf("%+v", a)
	}
	if !slices.Equal(s.Held[bea], []string{"bea1@x.formation.mssante.fr", "bea2@x.formation.mssante.fr"}) {
		t.Error(s.Held)
	}
	if !withBox(t, d, anna) || withBox(t, d, carl) || total(t, d, annuaire.Expr{}) != 3 {
		t.Error("search does not agree")
	}
	sound(t, d)
	if seq, gen, err := d.Ledger.Head(); seq != 1 || gen != "000001" || err != nil {
		t.Error("a first load is one entry of the log:", seq, gen, err)
	}
}

// Every case changes small and says exactly what a sync must then report; the result must be that of a first load.
func TestDelta(t *testing.T) {
	type counts struct{ people, structures, boxes annuaire.Counts }
	changed := func(n int) annuaire.Counts { return annuaire.Counts{Changed: n} }
	gone := func(n int) annuaire.Counts { return annuaire.Counts{Gone: n} }
	for name, c := range map[string]struct {
		edit func(*world)
		want counts
	}{
		"rows in another order change nothing": {func(w *world) {
			slices.Reverse(w.activities)
			slices.Reverse(w.skills)
			slices.Reverse(w.diplomas)
		}, counts{}},
		"a duplicate row changes nothing": {func(w *world) {
			w.activities = append(w.activities, w.activities[1])
			w.skills = append(w.skills, w.skills[0])
			w.boxes = append(w.boxes, w.boxes[0])
		}, counts{}},
		"a row that says the same in another spelling changes nothing": {func(w *world) {
			w.activities[0] = w.activities[0].with("Libellé profession", "Médecin ")
		}, counts{}},
		"someone new": {func(w *world) {
			w.activities = append(w.activities, activity(dora, "DORA", "21", "", ""))
		}, counts{people: annuaire.Counts{Created: 1}}},
		"someone new at a new structure": {func(w *world) {
			w.activities = append(w.activities, activity(dora, "DORA", "21", "R3", "X"))
		}, counts{annuaire.Counts{Created: 1}, annuaire.Counts{Created: 1}, annuaire.Counts{}}},
		"another name": {func(w *world) {
			w.activities[3] = w.activities[3].with("Nom d'exercice", "CARLOS")
		}, counts{people: changed(1)}},
		"a savoir-faire more": {func(w *world) {
			w.skills = append(w.skills, skill(bea, "60", "SI01"))
		}, counts{people: changed(1)}},
		"a diploma less": {func(w *world) { w.diplomas = w.diplomas[:1] }, counts{people: changed(1)}},
		"a structure renamed changes all who practise there": {func(w *world) {
			w.activities[0], w.activities[1] = w.activities[0].with("Raison sociale site", "MAISON"), w.activities[1].with("Raison sociale site", "MAISON")
		}, counts{people: changed(2), structures: changed(1)}},
		"one of two rows renames a structure: the greater name, for all": {func(w *world) {
			w.activities[1] = w.activities[1].with("Raison sociale site", "ZZZ")
		},
			counts{people: changed(2), structures: changed(1)}},
		"one of two rows gives a lesser name: nothing changes": {func(w *world) {
			w.activities[1] = w.activities[1].with("Raison sociale site", "AAA")
		}, counts{}},
		"someone leaves": {func(w *world) {
			w.activities = w.activities[:3]
		}, counts{people: gone(1)}},
		"a structure whose people leave is gone": {func(w *world) {
			w.activities = slices.Delete(w.activities, 2, 3)
		}, counts{people: changed(1), structures: gone(1)}},
		"a box less moves those behind it up": {func(w *world) {
			w.boxes = slices.Delete(w.boxes, 1, 2)
		}, counts{boxes: annuaire.Counts{Changed: 1, Gone: 1}}},
		"a box more": {func(w *world) {
			w.boxes = append(w.boxes, boxRow("carl", carl))
		}, counts{boxes: annuaire.Counts{Created: 1}}},
		"a box that changes hands": {func(w *world) {
			w.boxes[0] = boxRow("anna", carl)
		}, counts{boxes: changed(1)}},
		"a box attached to one structure more": {func(w *world) {
			w.boxes = append(w.boxes, boxRow("org", "").with("Raison Sociale structure BAL", "B"))
		}, counts{boxes: changed(1)}},
		"the boxes of someone in another order": {func(w *world) {
			w.boxes[1], w.boxes[2] = w.boxes[2], w.boxes[1]
		}, counts{boxes: changed(2)}},
		"the boxes of others in between do not": {func(w *world) {
			w.boxes[0], w.boxes[1], w.boxes[3] = w.boxes[3], w.boxes[0], w.boxes[1]
			w.boxes[1], w.boxes[2], w.boxes[3] = boxRow("bea1", bea), boxRow("bea2", bea), boxRow("anna", anna)
		}, counts{}},
	} {
		t.Run(name, func(t *testing.T) {
			d := loaded(t)
			w := small()
			c.edit(&w)
			rep := take(t, d, w, day2)
			if got := (counts{rep.People, rep.Structures, rep.Mailboxes}); got != c.want {
				t.Errorf("\n got %+v\nwant %+v", got, c.want)
			}
			want := store.OutcomeApplied
			if c.want == (counts{}) {
				want = store.OutcomeUnchanged
			}
			if rep.Outcome != want || rep.Generation != "000001" || rep.ID != "000002" {
				t.Errorf("%+v", rep)
			}
			fresh := openDirectory(t)
			take(t, fresh, w, day2)
			same(t, "a delta and a first load differ", stateOf(t, fresh), stateOf(t, d))
			sound(t, d)
			wantLog(t, d, c.want.people.Total()+c.want.structures.Total()+c.want.boxes.Total())
			again := take(t, d, w, day3)
			if again.Outcome != store.OutcomeUnchanged || again.Extract.Format("200601021504") != day3 {
				t.Errorf("the same again: %+v", again)
			}
		})
	}
}
