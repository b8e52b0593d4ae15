package card

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"annuaire"
)

func TestCard(t *testing.T) {
	c := New(annuaire.BookPeople, "899012345679").Add(SN, "DUPONT").Add(Mail, "b@x", "", "a@x", "b@x").Card()
	t.Run("it knows its book and its id", func(t *testing.T) {
		if c.Book() != annuaire.BookPeople || string(c.ID()) != "899012345679" {
			t.Fatal(c.Book(), string(c.ID()))
		}
	})
	t.Run("values keep their order; empty and repeated ones are dropped", func(t *testing.T) {
		if got := valuesOf(c, Mail); !slices.Equal(got, []string{"b@x", "a@x"}) {
			t.Fatal(got)
		}
	})
	t.Run("an attribute without value is not there", func(t *testing.T) {
		if c.Has(CN) || !c.Has(SN) || len(valuesOf(c, CN)) != 0 {
			t.Fatal("present")
		}
	})
	t.Run("the zero card has nothing", func(t *testing.T) {
		if (Card{}).Has(SN) {
			t.Fatal("something")
		}
	})
}

func TestWhatWasBuiltIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, want := New(annuaire.BookMailboxes, rapid.String().Draw(t, "id")), map[Attr][]string{}
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			a := Attr(rapid.IntRange(1, int(LastAttr)).Draw(t, "attr"))
			v := rapid.StringN(0, 200, -1).Draw(t, "value")
			b.Add(a, v)
			if v != "" && !slices.Contains(want[a], v) {
				want[a] = append(want[a], v)
			}
		}
		c, err := Parse(b.Card().Bytes())
		if err != nil {
			t.Fatal(err)
		}
		got := map[Attr][]string{}
		for a := range c.All() {
			got[a] = valuesOf(c, a)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(New(annuaire.BookPeople, "8").Add(CN, "a", "b").Card().Bytes())
	f.Add([]byte{0, 0xff})
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := Parse(raw)
		if err != nil {
			return
		}
		for _, values := range c.All() {
			for v := range values {
				_ = v
			}
		}
	})
}

func valuesOf(c Card, a Attr) (out []string) {
	for v := range c.Values(a) {
		out = append(out, string(v))
	}
	return out
}
