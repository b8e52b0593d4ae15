package model

import (
	"testing"

	"annuaire"
)

func TestShownAlike(t *testing.T) {
	base := func() *annuaire.Structure {
		return &annuaire.Structure{ID: "F1", Name: "CLINIQUE", FINESS: "990000001", Address: &annuaire.Address{City: "Mende"}, Phones: []string{"+33466000000"}}
	}
	for name, c := range map[string]struct {
		change func(*annuaire.Structure)
		alike  bool
	}{
		"nothing changed":              {func(*annuaire.Structure) {}, true},
		"a fax is the structure's":     {func(s *annuaire.Structure) { s.Fax = "+33466000001" }, true},
		"an e-mail is the structure's": {func(s *annuaire.Structure) { s.Emails = []string{"a@b.example"} }, true},
		"so is its sector":             {func(s *annuaire.Structure) { s.Sector.Code = "SA01" }, true},
		"a name is shown":              {func(s *annuaire.Structure) { s.Name = "HOPITAL" }, false},
		"a number is shown":            {func(s *annuaire.Structure) { s.SIRET = "99000000000001" }, false},
		"a telephone is shown":         {func(s *annuaire.Structure) { s.Phones = nil }, false},
		"an address is shown":          {func(s *annuaire.Structure) { s.Address.City = "Florac" }, false},
		"losing an address is shown":   {func(s *annuaire.Structure) { s.Address = nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			other := base()
			c.change(other)
			if ShownAlike(base(), other) != c.alike {
				t.Fatalf("alike: %t", !c.alike)
			}
		})
	}
}
