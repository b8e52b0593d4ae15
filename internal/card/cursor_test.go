package card

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"annuaire"
)

func TestLookYieldsWhatValuesYields(t *testing.T) {
	if v, ok := new(Cursor).Next(); ok || !(Card{}).Empty() {
		t.Fatal("something in nothing", v)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := New(annuaire.BookPeople, rapid.String().Draw(t, "id"))
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			b.Add(Attr(rapid.IntRange(1, int(LastAttr)).Draw(t, "attr")), rapid.StringN(0, 200, -1).Draw(t, "value"))
		}
		c := b.Card()
		for a := Attr(1); a <= LastAttr; a++ {
			var got []string
			vs := c.Look(a)
			for v, ok := vs.Next(); ok; v, ok = vs.Next() {
				got = append(got, string(v))
			}
			if want := valuesOf(c, a); !slices.Equal(got, want) {
				t.Fatalf("%d: %q, want %q", a, got, want)
			}
		}
	})
}

func BenchmarkLook(b *testing.B) {
	c := New(annuaire.BookMailboxes, "a@x").Add(CN, "Jean DUPONT", "DUPONT Jean").Add(SN, "DUPONT").Add(C, "FR").Card()
	b.ReportAllocs()
	for b.Loop() {
		vs := c.Look(C)
		for _, ok := vs.Next(); ok; _, ok = vs.Next() {
		}
	}
}
