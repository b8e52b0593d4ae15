package index

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"annuaire"
)

// What was met before must not show: neither what is remembered, nor what was forgotten to make room.
func TestFingerprintsDoNotDependOnWhatWasMet(t *testing.T) {
	w, all := newWorld(1, 400), NewFingerprints()
	structures, mailboxes := somePlaces()
	for round := range 2 {
		for _, id := range slices.Sorted(maps.Keys(w.people)) {
			if got, want := all.Person(w.people[id]), NewFingerprints().Person(w.people[id]); got != want {
				t.Fatalf("round %d: %s is %x among others, %x alone", round, id, got, want)
			}
		}
		for _, s := range structures {
			if got, want := all.Structure(s), NewFingerprints().Structure(s); got != want {
				t.Fatalf("round %d: structure %s is %x among others, %x alone", round, s.ID, got, want)
			}
		}
		for _, m := range mailboxes {
			if got, want := all.Mailbox(m), NewFingerprints().Mailbox(m); got != want {
				t.Fatalf("round %d: mailbox %s is %x among others, %x alone", round, m.Address, got, want)
			}
		}
		for _, c := range someBoxes() {
			if got, want := all.Card(c), NewFingerprints().Card(c); got != want {
				t.Fatalf("round %d: card %s is %x among others, %x alone", round, c.ID(), got, want)
			}
		}
		for i := range 2*maxShared + 1 {
			all.Person(PersonDoc{Person: &annuaire.Professional{ID: "1", Family: fmt.Sprintf("NOM%d", i)}})
		}
	}
}

func TestFingerprintsRememberInBoundedMemory(t *testing.T) {
	f := NewFingerprints()
	for i := range 3*maxShared + 10 {
		f.Person(PersonDoc{Person: &annuaire.Professional{ID: "1", Family: fmt.Sprintf("NOM%d", i)}})
	}
	for name, shelf := range f.records.shelves {
		if shelf.len() > 2*maxShared {
			t.Errorf("%d texts of field %s are remembered, at most %d may be", shelf.len(), name, 2*maxShared)
		}
	}
}
