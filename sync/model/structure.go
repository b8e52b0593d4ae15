package model

import (
	"reflect"
	"slices"

	"annuaire"
	"annuaire/internal/nomenclature"
	"annuaire/sync/extract"
)

// StructureOf returns the structure as one row states it, nil for a row without any.
func StructureOf(r *extract.Row) *annuaire.Structure {
	a := r.Activity()
	return StructureIn(r, &a)
}

// StructureIn is StructureOf for a row that is decoded already, as a.
func StructureIn(r *extract.Row, a *extract.ActivityRow) *annuaire.Structure {
	id := SiteID(r)
	if id == "" {
		return nil
	}
	st := &a.Structure
	s := &annuaire.Structure{
		ID: id, FormerID: st.FormerID, FINESS: st.FINESS, FINESSEJ: st.FINESSEJ, SIREN: st.SIREN, SIRET: st.SIRET,
		Name: st.Name, TradeName: st.TradeName, Sector: coded(nomenclature.Sector, a.Sector), Address: address(&a.Address),
	}
	if s.SIREN == "" && len(s.SIRET) == 14 {
		s.SIREN = s.SIRET[:9] // the SIREN column is usually empty; a SIRET begins with it (INSEE)
	}
	for _, raw := range []string{a.Phone, a.Phone2} {
		if n, ok := extract.NormalisePhone(raw); ok && !slices.Contains(s.Phones, n) {
			s.Phones = append(s.Phones, n)
		}
	}
	s.Fax, _ = extract.NormalisePhone(a.Fax)
	s.Emails, _ = extract.SplitEmails(a.Email)
	return s
}

// Stated is a structure as some rows state it, and how many do.
type Stated struct {
	*annuaire.Structure
	Rows int
}

// Settle makes one structure of what rows state of it, by the rule of this package. An address is settled as a whole, and so
// are telephones and e-mail addresses, so that no street of one row meets the city of another.
func Settle(all []Stated) *annuaire.Structure {
	if len(all) == 1 {
		return all[0].Structure
	}
	s := &annuaire.Structure{ID: all[0].ID}
	for _, f := range []func(*annuaire.Structure) *string{
		func(s *annuaire.Structure) *string { return &s.FormerID },
		func(s *annuaire.Structure) *string { return &s.FINESS },
		func(s *annuaire.Structure) *string { return &s.FINESSEJ },
		func(s *annuaire.Structure) *string { return &s.SIREN },
		func(s *annuaire.Structure) *string { return &s.SIRET },
		func(s *annuaire.Structure) *string { return &s.Name },
		func(s *annuaire.Structure) *string { return &s.TradeName },
		func(s *annuaire.Structure) *string { return &s.Fax },
	} {
		v := votes{}
		for _, o := range all {
			v.add(*f(o.Structure), o.Rows)
		}
		*f(s) = v.settle()
	}
	s.Sector = whole(all, func(s *annuaire.Structure) annuaire.Coded { return s.Sector })
	s.Address = whole(all, func(s *annuaire.Structure) *annuaire.Address { return s.Address })
	s.Phones = whole(all, func(s *annuaire.Structure) []string { return s.Phones })
	s.Emails = whole(all, func(s *annuaire.Structure) []string { return s.Emails })
	return s
}

// ShownAlike reports whether those who practise at a show what they would at b: an activity carries the names, numbers, address
// and telephones of its structure.
func ShownAlike(a, b *annuaire.Structure) bool {
	return *a.Ref() == *b.Ref() && reflect.DeepEqual(a.Address, b.Address) && slices.Equal(a.Phones, b.Phones)
}
