package store

import (
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
			body, _, err := Body(&tt.box)
			if err != nil {
				t.Fatal(err)
			}
			var got heldBox
			if err := Decode(body, &got); err != nil || got.Kind != tt.box.Kind || got.Rank != tt.box.Rank || got.Registered != tt.box.Registered {
				t.Fatal(got, err)
			}
		})
	}
}
