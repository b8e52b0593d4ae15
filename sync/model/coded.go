package model

import (
	"annuaire"
	"annuaire/internal/nomenclature"
)

// coded keeps the extract's label only where the nomenclature does not know the code yet.
func coded(t nomenclature.Table, c annuaire.Coded) annuaire.Coded {
	if c.Code == "" {
		return annuaire.Coded{}
	}
	if _, known := nomenclature.Label(t, c.Code); known || c.Label == c.Code {
		c.Label = ""
	}
	return c
}
