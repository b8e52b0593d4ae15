package store

import (
	"testing"

	"annuaire"
)

func TestPrintOfARecordThatMovedOn(t *testing.T) {
	t.Run("a print is taken for a record that says what it says, and for no other", func(t *testing.T) {
		d := emptyDirectory(t)
		m := annuaire.Mailbox{Address: "a@b.fr", Kind: annuaire.KindPER, Rank: 1}
		e := boxEntry(t, annuaire.Created, m)
		ok(t, d.Apply([]Entry{e}, 1, Info{}, nil))
		same, other := Print{Rows: 99, Content: e.Print.Content}, Print{Rows: 99, Content: e.Print.Content + 1}
		for _, tt := range []struct{ given, want Print }{{other, e.Print}, {same, same}} {
			ok(t, d.Apply(nil, 1, Info{}, map[annuaire.Kind]map[string]Print{annuaire.KindMailbox: {m.Address: tt.given, "nobody@b.fr": same}}))
			ok(t, d.Read(func(r Reader) error {
				if got, _ := r.Print(annuaire.KindMailbox, m.Address); got != tt.want {
					t.Error(got, tt.want)
				}
				if _, there := r.Print(annuaire.KindMailbox, "nobody@b.fr"); there {
					t.Error("a print of nothing")
				}
				return nil
			}))
		}
	})
}
