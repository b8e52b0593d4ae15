package index

import (
	"strings"

	"annuaire"
	"annuaire/internal/geo"
	"annuaire/internal/names"
	"annuaire/internal/nomenclature"
)

// unknownValue is the error for a value that no nomenclature knows, with the nearest labels.
func unknownValue(e annuaire.Expr, sp spec) error {
	var near []string
	switch e.Field {
	case annuaire.FieldDepartment:
		near = nearestOf(e.Value, geo.Departments(), geo.DepartmentName)
	case annuaire.FieldRegion:
		near = nearestOf(e.Value, geo.Regions(), geo.RegionName)
	default:
		near = nomenclature.Nearest(sp.table, e.Value)
	}
	if len(near) == 0 {
		return annuaire.Invalid(string(e.Field), "valeur inconnue : %q", "unknown value: %q", e.Value)
	}
	list := strings.Join(near, ", ")
	return annuaire.Invalid(string(e.Field), "valeur inconnue : %q ; les plus proches : %s", "unknown value: %q; the nearest are: %s", e.Value, list)
}

// nearestOf returns up to three of the names nearest to a text.
func nearestOf(text string, codes []string, name func(string) (string, bool)) []string {
	all := make([]string, len(codes))
	for i, c := range codes {
		all[i], _ = name(c)
	}
	return names.Nearest(text, all, max(2, len(text)/3), 3)
}
