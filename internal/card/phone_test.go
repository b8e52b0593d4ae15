package card

import (
	"slices"
	"testing"

	"annuaire"
)

func TestTelephoneOfABox(t *testing.T) {
	own := annuaire.Mailbox{Address: "a@x.mssante.fr", Kind: annuaire.KindORG, Phone: "+33466000001", Attachments: []annuaire.Attachment{{ID: "1480000017"}}}
	holder := annuaire.Professional{ID: "899000000017", Activities: []annuaire.Activity{{Structure: &annuaire.StructureRef{FINESS: "480000017"}, Phones: []string{"+33466000000"}}}}
	phones := func(m annuaire.Mailbox) (out []string) {
		for v := range Mailbox(&m, &holder, nil).Values(TelephoneNumber) {
			out = append(out, string(v))
		}
		return out
	}
	t.Run("the number of the box comes before those of the structure", func(t *testing.T) {
		if got := phones(own); !slices.Equal(got, []string{"+33466000001", "+33466000000"}) {
			t.Error(got)
		}
	})
	t.Run("a number that is opposed to leaves those of the structure", func(t *testing.T) {
		m := own
		m.Phone = ""
		if got := phones(m); !slices.Equal(got, []string{"+33466000000"}) {
			t.Error(got)
		}
	})
}
