package index

import (
	"slices"
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

// nearestOf returns up to three of the names whose folded form is nearest to text.
func nearestOf(text string, codes []string, name func(string) (string, bool)) []string {
	type scored struct {
		name string
		d    int
	}
	folded := names.Fold(text)
	var all []scored
	for _, c := range codes {
		n, _ := name(c)
		if d := names.Distance(folded, names.Fold(n)); d <= max(2, len(folded)/3) {
			all = append(all, scored{n, d})
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return a.d - b.d })
	var out []string
	for _, s := range all[:min(3, len(all))] {
		out = append(out, s.name)
	}
	return out
}
