package store

import (
	"slices"
	"testing"

	"annuaire"
)

func TestHeldBoxes(t *testing.T) {
	for _, tt := range []struct {
		rule string
		box  annuaire.Mailbox
	}{
		{"a personal box", annuaire.Mailbox{Address: "a@x", Kind: annuaire.KindPER, Rank: 2}},
		{"a box with everything else that a record may hold", annuaire.Mailbox{Address: "b@x", Kind: annuaire.KindCAB, Rank: 1, Family: "EXEMPLE", Description: "x", Paperless: new(bool),
			Phone: "+33466000000", Registered: true, Profession: annuaire.Coded{Code: "10", Label: "x"}, Attachments: []annuaire.Attachment{{ID: "1", Address: &annuaire.Address{Lines: []string{"x"}}}}}},
	} {
		t.Run(tt.rule+" is read as its record says", func(t *testing.T) {
			body, _ := Body(&tt.box)
			var got heldBox
			if err := Decode(body, &got); err != nil || got.Kind != tt.box.Kind || got.Rank != tt.box.Rank || got.Registered != tt.box.Registered {
				t.Fatal(got, err)
			}
		})
	}
}

func TestHeldBoxesOf(t *testing.T) {
	d := emptyDirectory(t)
	var all []Entry
	for _, m := range []annuaire.Mailbox{{Address: "national@x", Kind: annuaire.KindPER, Owners: []string{"8"}, Rank: 1},
		{Address: "unranked@x", Kind: annuaire.KindPER, Owners: []string{"8"}, Registered: true},
		{Address: "preferred@x", Kind: annuaire.KindCAB, Owners: []string{"8"}, Registered: true, Rank: 1},
		{Address: "other@x", Kind: annuaire.KindPER, Owners: []string{"80"}, Rank: 1}} {
		all = append(all, boxEntry(t, annuaire.Created, m))
	}
	ok(t, d.Apply(all, 1, Info{}, nil))
	t.Run("registered boxes and national ones are those that the directory shows, in its order", func(t *testing.T) {
		var got []string
		ok(t, d.Read(func(r Reader) error {
			held, err := r.HeldBoxes().Of("8")
			for _, b := range held {
				got = append(got, b.Address)
			}
			return err
		}))
		if want := addresses(t, d, "8"); len(want) != 3 || !slices.Equal(got, want) {
			t.Error(got, want)
		}
	})
}
