package names

import (
	"slices"
	"unicode/utf8"
)

// Nearest returns up to n of the texts that are, folded, at most far typing errors from text, the nearest first; of equals, the first. It is
// for what somebody is told of a mistake, and decides nothing.
func Nearest(text string, of []string, far, n int) []string {
	type scored struct {
		text string
		d    int
	}
	typed := Fold(text)
	long := utf8.RuneCountInString(typed)
	var all []scored
	for _, t := range of {
		folded := Fold(t)
		if diff := utf8.RuneCountInString(folded) - long; folded == "" || diff > far || -diff > far { // no nearer than that: and what a stranger sent may be long
			continue
		}
		if d := Distance(typed, folded); d <= far {
			all = append(all, scored{t, d})
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return a.d - b.d })
	var out []string
	for _, s := range all[:min(n, len(all))] {
		out = append(out, s.text)
	}
	return out
}
