package directory

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/card"
	"annuaire/internal/store"
)

func TestCheckCounts(t *testing.T) {
	rep, err := loaded(t).Check(ctx)
	if err != nil || rep.People != 2 || rep.Structures != 1 || rep.Mailboxes != 3 || rep.Problems != 0 || rep.Examples != nil {
		t.Errorf("%+v %v", rep, err)
	}
}

func TestCheckFindsPlantedDamage(t *testing.T) {
	put := func(t *testing.T, d *Directory, entries ...store.Entry) { // behind the back of the indexes
		t.Helper()
		info, err := d.Info()
		ok(t, err)
		ok(t, d.Current().Store.Apply(entries, 1, info, nil))
	}
	damage := map[string]struct {
		plant func(*testing.T, *Directory)
		want  []string
	}{
		"a person stored, not indexed": {func(t *testing.T, d *Directory) { put(t, d, entry(t, annuaire.KindPerson, carl, person(carl, "C"))) },
			[]string{"person " + carl + ": stored, not indexed"}},
		"a person stored otherwise than indexed": {func(t *testing.T, d *Directory) { put(t, d, entry(t, annuaire.KindPerson, anna, person(anna, "X"))) },
			[]string{"card of anna@x.formation.mssante.fr: indexed otherwise than stored", "person " + anna + ": indexed otherwise than stored"}},
		"a person indexed, not stored": {func(t *testing.T, d *Directory) { put(t, d, gone(annuaire.KindPerson, anna)) },
			[]string{"card of anna@x.formation.mssante.fr: indexed otherwise than stored", "person " + anna + ": indexed, not stored"}},
		"a person indexed under boxes of someone else": {func(t *testing.T, d *Directory) {
			p := person(anna, "ANNA")
			ok(t, d.Current().People.Apply(1, []index.PersonDoc{{Person: &p, Mailboxes: []annuaire.Mailbox{box("bea1", 1, bea)}}}, nil))
		}, []string{"person " + anna + ": indexed otherwise than stored"}},
		"a structure stored, not indexed": {func(t *testing.T, d *Directory) { put(t, d, entry(t, annuaire.KindStructure, "R9", site("R9", "X"))) },
			[]string{"place s:R9: stored, not indexed"}},
		"a structure indexed otherwise": {func(t *testing.T, d *Directory) {
			ok(t, d.Current().Places.Apply(1, index.PlacesChange{Structures: []annuaire.Structure{site("R1", "X")}}))
		}, []string{"place s:R1: indexed otherwise than stored"}},
		"a mailbox indexed, not stored": {func(t *testing.T, d *Directory) {
			ok(t, d.Current().Places.Apply(1, index.PlacesChange{Mailboxes: []annuaire.Mailbox{box("x", 1)}}))
		}, []string{"place m:x@x.formation.mssante.fr: indexed, not stored"}},
		"a card of a mailbox that is not stored": {func(t *testing.T, d *Directory) {
			ok(t, d.Current().Book.Apply(1, []card.Card{card.New(annuaire.BookMailboxes, "y@x.formation.mssante.fr").Card()}, nil))
		}, []string{"card of y@x.formation.mssante.fr: indexed, not stored"}},
		"a mailbox without its card": {func(t *testing.T, d *Directory) {
			ok(t, d.Current().Book.Apply(1, nil, []string{"anna@x.formation.mssante.fr"}))
		}, []string{"card of anna@x.formation.mssante.fr: stored, not indexed"}},
		"a record that its print does not tell": {func(t *testing.T, d *Directory) {
			e := entry(t, annuaire.KindStructure, "R1", site("R1", "CABINET"))
			e.Print.Content++
			put(t, d, e)
		}, []string{"structure R1: its print does not match its record"}},
		"a view behind the ledger": {func(t *testing.T, d *Directory) {
			_, err := d.Ledger.Commit(runOf("000002"), "000001", loadEntry("000002"))
			ok(t, err)
		}, []string{"book stands at sequence 1, the ledger at 2", "directory.db stands at sequence 1, the ledger at 2", "people stands at sequence 1, the ledger at 2", "places stands at sequence 1, the ledger at 2"}},
		"a generation that the ledger does not name": {func(t *testing.T, d *Directory) {
			_, err := d.Ledger.Commit(runOf("000002"), "000007", nil)
			ok(t, err)
		}, []string{"the ledger names generation 000007, 000001 is in use"}},
	}
	for _, name := range slices.Sorted(maps.Keys(damage)) {
		t.Run(name, func(t *testing.T) {
			d := loaded(t)
			damage[name].plant(t, d)
			rep, err := d.Check(ctx)
			ok(t, err)
			slices.Sort(rep.Examples)
			if rep.Problems != len(damage[name].want) {
				t.Error(rep.Problems, rep.Examples)
			}
			for i, w := range damage[name].want {
				if i < len(rep.Examples) && !strings.HasPrefix(rep.Examples[i], w) {
					t.Errorf("%q, want %q", rep.Examples[i], w)
				}
			}
		})
	}
	t.Run("examples are at most 20, problems are all counted", func(t *testing.T) {
		d := loaded(t)
		var many []store.Entry
		for i := range 30 {
			id := fmt.Sprintf("R%03d", i)
			many = append(many, entry(t, annuaire.KindStructure, id, site(id, "X")))
		}
		put(t, d, many...)
		if rep, err := d.Check(ctx); err != nil || rep.Problems != 30 || len(rep.Examples) != 20 || rep.Structures != 31 {
			t.Error(rep.Problems, len(rep.Examples), err)
		}
	})
	t.Run("it stops when asked", func(t *testing.T) {
		stopped, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := loaded(t).Check(stopped); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}
