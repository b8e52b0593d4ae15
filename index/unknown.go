package index

import (
	"strings"

	"annuaire"
	"annuaire/internal/geo"
	"annuaire/internal/nomenclature"
)

// unknownValue is the error for a value that no nomenclature knows, with the nearest labels.
func unknownValue(e annuaire.Expr, sp spec) error {
	var near []string
	switch e.Field {
	case annuaire.FieldDepartment:
		near = geo.NearestDepartments(e.Value)
	case annuaire.FieldRegion:
		near = geo.NearestRegions(e.Value)
	default:
		near = nomenclature.Nearest(sp.table, e.Value)
	}
	if len(near) == 0 {
		return annuaire.Invalid(string(e.Field), "valeur inconnue : %q", "unknown value: %q", e.Value)
	}
	list := strings.Join(near, ", ")
	return annuaire.Invalid(string(e.Field), "valeur inconnue : %q ; les plus proches : %s", "unknown value: %q; the nearest are: %s", e.Value, list)
}
