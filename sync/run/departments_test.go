package run

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
)

// The small world practises in the département 48.
func TestWhatChangedWhere(t *testing.T) {
	d := openDirectory(t)
	w := small()
	if rep := take(t, d, w, day1); rep.Departments != nil {
		t.Error("a first load is everywhere:", rep.Departments)
	}
	w.activities[0] = w.activities[0].with("Nom d'exercice", "ANNETTE")
	w.activities = append(w.activities[:1], // BEA leaves
		activity(carl, "CARLOS", "10", "", ""), // practises nowhere: counted nowhere
		activity(dora, "DORA", "21", "R3", "X").with("Code commune (coord. structure)", "69123", "Code postal (coord. structure)", "69001"))
	w.boxes = nil
	want := map[string]annuaire.Counts{"48": {Changed: 1, Gone: 1}, "69": {Created: 1}}
	if rep := take(t, d, w, day2); cmp.Diff(want, rep.Departments) != "" {
		t.Error(cmp.Diff(want, rep.Departments), rep.People)
	}
	t.Run("it is kept, and published without names", func(t *testing.T) {
		runs, err := d.Publications(t.Context(), 1)
		ok(t, err)
		if len(runs) != 1 || runs[0].Departments["69"] != (annuaire.Counts{Created: 1}) || runs[0].Departments["48"] != (annuaire.Counts{Changed: 1, Gone: 1}) {
			t.Errorf("%+v", runs)
		}
	})
}
