package postings

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTermsAreNumberedByFirstUse(t *testing.T) {
	var table termTable
	rapid.Check(t, func(t *rapid.T) {
		table.reset() // what an earlier segment had does not show
		want, order := map[string]uint32{}, []string(nil)
		words := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("ab\x00é")), 0, 10, -1), 0, 400)
		for _, batch := range rapid.SliceOfN(words, 0, 5).Draw(t, "words") {
			numbers := table.numbers(batch, nil)
			for i, w := range batch {
				n, known := want[w]
				if !known {
					n = uint32(len(order))
					want[w], order = n, append(order, w)
				}
				if numbers[i] != n {
					t.Fatalf("%q is %d, want %d", w, numbers[i], n)
				}
			}
		}
		if table.len() != len(order) {
			t.Fatalf("%d terms, want %d", table.len(), len(order))
		}
		for n, w := range order {
			if got := string(table.term(uint32(n))); got != w {
				t.Fatalf("%d is %q, want %q", n, got, w)
			}
		}
		var got []string
		for _, r := range table.sorted(nil) {
			got = append(got, string(table.term(r.number)))
		}
		slices.Sort(order)
		if !slices.Equal(got, order) {
			t.Fatalf("sorted %q, want %q", got, order)
		}
	})
}

func TestManyTermsFindTheirNumbers(t *testing.T) {
	var table termTable
	name := func(i int) string { return strings.Repeat("x", i%20) + fmt.Sprint(i) }
	for round := range 2 {
		for i := range 100_000 {
			if got := table.numbers([]string{name(i)}, nil); got[0] != uint32(i) {
				t.Fatalf("round %d: %s is %d", round, name(i), got[0])
			}
		}
	}
	if 2*table.len() > len(table.slots) {
		t.Errorf("%d terms in %d slots", table.len(), len(table.slots))
	}
}
