package main

import (
	"fmt"
	"testing"

	"annuaire"
	"annuaire/internal/store"
)

// Day 0, a later day, then day 0 again end in the directory that a fresh load of day 0 gives, and so for the later day: whatever
// the country and however many days lie between.
func TestThereAndBackAgain(t *testing.T) {
	for _, tt := range []struct{ people, days int }{{60, 90}, {300, 30}, {500, 300}, {1500, 2}} {
		seed := uint64(tt.people + tt.days)
		t.Run(fmt.Sprintf("%d people, %d days", tt.people, tt.days), func(t *testing.T) {
			home, away := set{tt.people, seed, 0}, set{tt.people, seed, tt.days}
			fresh := map[set]state{}
			for _, s := range []set{home, away} {
				data := loaded(t, extracts(t, s))
				checked(t, data)
				fresh[s] = shown(t, data)
			}
			data := loaded(t, extracts(t, home))
			steps := []store.Run{}
			for _, s := range []set{away, home, away} {
				out := must(t, []int{0, 3}, "sync", "--data", data, "--from", extracts(t, s), "--allow-older", "--json", "--yes").out
				steps = append(steps, report(t, out))
				checked(t, data)
				same(t, fmt.Sprintf("day %d", s.day), fresh[s], shown(t, data))
			}
			there, back, again := steps[0], steps[1], steps[2]
			for _, c := range [][3]annuaire.Counts{{there.People, back.People, again.People}, {there.Structures, back.Structures, again.Structures},
				{there.Mailboxes, back.Mailboxes, again.Mailboxes}} {
				mirror := annuaire.Counts{Created: c[0].Gone, Changed: c[0].Changed, Gone: c[0].Created}
				if c[1] != mirror || c[2] != c[0] {
					t.Errorf("the way back is not the way there mirrored: %+v", c)
				}
			}
			if tt.days > 1 && there.People.Total() == 0 {
				t.Error("nothing changed: the days between are not tested")
			}
		})
	}
}
