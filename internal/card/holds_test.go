package card

import (
	"testing"

	"annuaire"
)

func TestHolds(t *testing.T) {
	address := &annuaire.Address{Lines: []string{"1 RUE A"}, Street: "1 RUE A", PostalCode: "48000", City: "Mende", Department: annuaire.Coded{Code: "48", Label: "Lozère"}, Region: annuaire.Coded{Code: "76", Label: "Occitanie"}}
	coded := annuaire.Coded{Code: "1", Label: "un"}
	structure := &annuaire.Structure{ID: "R1", Name: "CH", TradeName: "C", FINESS: "480000017", FINESSEJ: "480000018", SIRET: "12345678900011", SIREN: "123456789",
		Phones: []string{"+33466000000"}, Fax: "+33466000001", Sector: coded, Address: address}
	box := &annuaire.Mailbox{Address: "a@x", Kind: annuaire.KindPER, Owners: []string{"899012345679"}, Profession: coded, Description: "d",
		Attachments: []annuaire.Attachment{{ID: "480000017", Name: "CH MENDE", TradeName: "C", Service: "S", Address: address}}}
	full := map[annuaire.Book]Card{
		annuaire.BookMailboxes:  Mailbox(box, zelie(), []string{"b@x"}),
		annuaire.BookPeople:     Person(zelie(), []annuaire.Mailbox{*box, {Address: "b@x"}}),
		annuaire.BookStructures: Structure(structure),
	}
	for book, c := range full {
		t.Run(string(book)+": what a full card has is held, and nothing else", func(t *testing.T) {
			for a := Attr(1); a <= LastAttr; a++ {
				if c.Has(a) != Holds(book, a) {
					t.Errorf("attribute %d: on the card %v, held %v", a, c.Has(a), Holds(book, a))
				}
			}
		})
	}
}
