package model

import (
	"strings"

	"annuaire"
	"annuaire/internal/geo"
	"annuaire/sync/extract"
)

// address builds what is shown and searched of an address. nil when nothing is stated.
func address(p *extract.AddressRow) *annuaire.Address {
	place := geo.Locate(p.Commune.Code, p.Commune.Label, p.PostalCode, p.Bureau, p.Country.Code)
	a := annuaire.Address{
		Street:     street(p),
		PostalCode: place.PostalCode, City: place.City, INSEE: place.INSEE,
		Department: annuaire.Coded{Code: place.Department}, Region: annuaire.Coded{Code: place.Region},
	}
	for _, line := range []string{p.Recipient, p.Point, a.Street, p.Distribution} {
		if line != "" {
			a.Lines = append(a.Lines, line)
		}
	}
	if place.Country != "" {
		a.Country = annuaire.Coded{Code: place.Country, Label: p.Country.Label}
	}
	if len(a.Lines) == 0 && a.PostalCode == "" && a.City == "" && a.INSEE == "" && a.Country.IsZero() {
		return nil
	}
	return &a
}

// street joins number, repetition, type and name of the way. The type's label is preferred to its code; many rows have the
// number and an abbreviated type inside the name already, and are left as they are.
func street(p *extract.AddressRow) string {
	kind := p.WayType.Label
	if kind == "" {
		kind = p.WayType.Code
	}
	parts := make([]string, 0, 4)
	for _, s := range []string{p.Number, p.Repeat, kind, p.Way} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}
