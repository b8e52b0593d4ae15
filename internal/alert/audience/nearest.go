package audience

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"annuaire/internal/names"
)

// nearest returns up to n of the texts whose folded form is a few typing errors away, the nearest first, separated by commas.
func nearest(text string, of []string, n int) string {
	if utf8.RuneCountInString(text) > MaxValue {
		return ""
	}
	type scored struct {
		text string
		d    int
	}
	fold := names.Fold(text)
	var all []scored
	for _, t := range of {
		if d := names.Distance(fold, names.Fold(t)); d <= 1+len(fold)/4 {
			all = append(all, scored{t, d})
		}
	}
	slices.SortFunc(all, func(a, b scored) int { return cmp.Or(a.d-b.d, strings.Compare(a.text, b.text)) })
	var out []string
	for _, s := range all[:min(n, len(all))] {
		out = append(out, s.text)
	}
	return strings.Join(out, ", ")
}
