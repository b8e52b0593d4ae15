package directory

import (
	"slices"
	"testing"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/internal/store"
)

func values(c card.Card, a card.Attr) (out []string) {
	for v := range c.Values(a) {
		out = append(out, string(v))
	}
	return out
}

func browsed(t *testing.T, d *Directory, q annuaire.Browse) (ids []string) {
	t.Helper()
	ok(t, d.Browse(ctx, q, func(c card.Card, at annuaire.Position) bool {
		if string(c.ID()) != at.ID || c.Book() != q.Book {
			t.Errorf("%s of %s stands at %+v", c.ID(), c.Book(), at)
		}
		ids = append(ids, at.ID)
		return true
	}))
	return ids
}

func TestAddressBooksAreBrowsed(t *testing.T) {
	d := loaded(t)
	for book, want := range map[annuaire.Book][]string{
		annuaire.BookMailboxes:  {"anna@x.formation.mssante.fr", "bea1@x.formation.mssante.fr", "bea2@x.formation.mssante.fr"},
		annuaire.BookPeople:     {anna, bea},
		annuaire.BookStructures: {"R1"},
	} {
		t.Run("all of "+string(book), func(t *testing.T) {
			if got := browsed(t, d, annuaire.Browse{Book: book}); !slices.Equal(got, want) {
				t.Error(got)
			}
		})
	}
	t.Run("a box shows who holds it, and the boxes that come after it", func(t *testing.T) {
		c, err := d.Card(ctx, annuaire.BookMailboxes, "bea2@x.formation.mssante.fr")
		ok(t, err)
		if got := values(c, card.SN); !slices.Equal(got, []string{"BEA"}) {
			t.Error(got)
		}
		if got := values(c, card.SecondEmail); !slices.Equal(got, []string{"bea1@x.formation.mssante.fr"}) {
			t.Error(got)
		}
		if got := values(c, card.Title); !slices.Equal(got, []string{"Médecin"}) {
			t.Error(got)
		}
	})
	t.Run("a person shows the boxes, preferred first", func(t *testing.T) {
		c, err := d.Card(ctx, annuaire.BookPeople, bea)
		ok(t, err)
		if got := values(c, card.Mail); !slices.Equal(got, []string{"bea2@x.formation.mssante.fr", "bea1@x.formation.mssante.fr"}) {
			t.Error(got)
		}
	})
	t.Run("what is not there is not found", func(t *testing.T) {
		for _, book := range []annuaire.Book{annuaire.BookMailboxes, annuaire.BookPeople, annuaire.BookStructures} {
			if _, err := d.Card(ctx, book, "nobody"); annuaire.CodeOf(err) != annuaire.CodeNotFound {
				t.Error(book, err)
			}
		}
	})
	t.Run("browsing stops where it is told to", func(t *testing.T) {
		n := 0
		ok(t, d.Browse(ctx, annuaire.Browse{Book: annuaire.BookPeople}, func(card.Card, annuaire.Position) bool { n++; return false }))
		if n != 1 {
			t.Error(n)
		}
	})
	t.Run("nothing loaded is nothing to browse", func(t *testing.T) {
		err := fresh(t).Browse(ctx, annuaire.Browse{Book: annuaire.BookMailboxes}, func(card.Card, annuaire.Position) bool { return true })
		if annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Error(err)
		}
	})
}

func TestCardsFollowWhoHoldsTheBox(t *testing.T) {
	name := func(t *testing.T, d *Directory, address string) []string {
		t.Helper()
		c, err := d.Card(ctx, annuaire.BookMailboxes, address+"@x.formation.mssante.fr")
		ok(t, err)
		return values(c, card.SN)
	}
	t.Run("a holder who changes name", func(t *testing.T) {
		d := loaded(t)
		ok(t, d.Apply(runOf("000002"), []store.Entry{entry(t, annuaire.KindPerson, bea, person(bea, "BEATRIX"))}, nil))
		for _, a := range []string{"bea1", "bea2"} {
			if got := name(t, d, a); !slices.Equal(got, []string{"BEATRIX"}) {
				t.Error(a, got)
			}
		}
		sound(t, d)
	})
	t.Run("a holder who leaves: the box has the name that its own record states, or its address", func(t *testing.T) {
		d := loaded(t)
		ok(t, d.Apply(runOf("000002"), []store.Entry{gone(annuaire.KindPerson, anna)}, nil))
		if got := name(t, d, "anna"); !slices.Equal(got, []string{"anna"}) {
			t.Error(got)
		}
		sound(t, d)
	})
	t.Run("a box that goes is no longer the next of another", func(t *testing.T) {
		d := loaded(t)
		ok(t, d.Apply(runOf("000002"), []store.Entry{gone(annuaire.KindMailbox, "bea1@x.formation.mssante.fr", bea)}, nil))
		c, err := d.Card(ctx, annuaire.BookMailboxes, "bea2@x.formation.mssante.fr")
		ok(t, err)
		if c.Has(card.SecondEmail) {
			t.Error(values(c, card.SecondEmail))
		}
		if _, err := d.Card(ctx, annuaire.BookMailboxes, "bea1@x.formation.mssante.fr"); annuaire.CodeOf(err) != annuaire.CodeNotFound {
			t.Error(err)
		}
		sound(t, d)
	})
}
