package index

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
)

// TestCandidatesAmongPeople: whoever a criterion is true of is among them, and nothing typed is an error.
func TestCandidatesAmongPeople(t *testing.T) {
	doctor := func(id, family, given string, skills ...string) PersonDoc {
		p := annuaire.Professional{ID: id, Family: family, Given: given, Practices: []annuaire.Practice{{Profession: annuaire.Coded{Code: "10"}}},
			Activities: []annuaire.Activity{{Profession: "10", Structure: &annuaire.StructureRef{ID: "R1", Name: "CLINIQUE DU PARC", FINESS: "480000017"},
				Address: &annuaire.Address{City: "Mende", INSEE: "48095", PostalCode: "48000", Department: annuaire.Coded{Code: "48"}, Region: annuaire.Coded{Code: "76"}}}}}
		for _, s := range skills {
			p.Practices[0].Specialties = append(p.Practices[0].Specialties, annuaire.Specialty{Coded: annuaire.Coded{Code: s}})
		}
		return PersonDoc{Person: &p, Mailboxes: []annuaire.Mailbox{{Address: given + "@x.mssante.fr"}}}
	}
	anna, bea, carl := "899000000017", "899000000025", "0759912345"
	p, _ := (&world{people: map[string]PersonDoc{anna: doctor(anna, "DUPONT", "anna", "SM04"), bea: doctor(bea, "MARTIN-DUPUIS", "bea", "ZZ99"), carl: {Person: &annuaire.Professional{ID: carl, Family: "LEDUP", Given: "carl"}}}}).build(t)
	for _, tt := range []struct {
		rule string
		e    annuaire.Expr
		want []string
	}{
		{"beginnings of words first, then parts", contain(annuaire.FieldFamily, "dup"), []string{anna, bea, carl}},
		{"either name", annuaire.Prefix(annuaire.FieldName, "ann"), []string{anna}},
		{"words in any order", contain(annuaire.FieldName, "dupont ann"), []string{anna}},
		{"a title by the labels of its codes, and by codes whose label no table has", contain(annuaire.FieldTitle, "cardio"), []string{anna, bea}},
		{"an identifier with or without its type", annuaire.Prefix(annuaire.FieldID, "9900000001"), []string{anna}},
		{"and of the other register", annuaire.Prefix(annuaire.FieldID, "7599"), []string{carl}},
		{"a structure by any of its numbers", annuaire.Equals(annuaire.FieldStructID, "480000017"), []string{anna, bea}},
		{"a part of the name of a structure", contain(annuaire.FieldStructure, "liniq"), []string{anna, bea}},
		{"an address", annuaire.Equals(annuaire.FieldMailbox, "bea@x.mssante.fr"), []string{bea}},
		{"a code that no table knows is nobody's", annuaire.Equals(annuaire.FieldProfession, "nonsense"), nil},
		{"what cannot be told is everyone", contain(annuaire.FieldDepartment, "oz"), []string{anna, carl, bea}},
		{"and so is a field that there is not", annuaire.Equals(annuaire.FieldDescription, "x"), []string{anna, carl, bea}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var got []string
			if err := p.Browse(context.Background(), annuaire.Browse{Where: tt.e}, func(c Candidate) (bool, error) { got = append(got, c.ID); return true, nil }); err != nil {
				t.Fatal(err)
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
