package nomenclature

import (
	"cmp"
	"slices"
	"strings"

	"annuaire/internal/names"
)

const (
	maxNearest    = 3  // labels an error message can hold
	maxNearestLen = 64 // bytes of folded text compared: beyond, nobody mistyped a label
	minShared     = 4  // letters two texts share at their beginning to be neighbours
)

// Nearest returns up to three labels near a text that does not resolve, the nearest first: within a few typing errors of a label
// or a variant, or of one of its words (one error per four letters, plus one), else with the same first letters. It is for error
// messages: it never decides what is searched.
func Nearest(t Table, text string) []string {
	tab, ok := tables()[t]
	fold := names.Fold(text)
	if !ok || fold == "" || len(fold) > maxNearestLen {
		return nil
	}
	type found struct {
		label    string
		distance int
	}
	var near []found
	for _, l := range tab.texts {
		if d, ok := distanceTo(fold, l.fold); ok {
			near = append(near, found{l.label, d})
		}
	}
	slices.SortStableFunc(near, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(len(a.label), len(b.label)), cmp.Compare(a.label, b.label))
	})
	var out []string
	for _, f := range near {
		if !slices.Contains(out, f.label) {
			out = append(out, f.label)
		}
		if len(out) == maxNearest {
			break
		}
	}
	return out
}

// distanceTo grades how far a label is from a text: its typing errors, or more than any number of them for a shared beginning.
func distanceTo(text, label string) (int, bool) {
	allowed := 1 + len(text)/4
	if d, ok := within(text, label, allowed); ok {
		return d, true
	}
	for w := range strings.SplitSeq(label, " ") { // "cardiologe" is near "cardiologie et maladies vasculaires"
		if d, ok := within(text, w, allowed); ok && len(w) >= minShared {
			return d + 1, true
		}
	}
	if n := sharedPrefix(text, label); n >= minShared {
		return 2*maxNearestLen - n, true
	}
	return 0, false
}

// within is the distance of two texts, where it is at most so many errors: it is no less than what they differ in length.
func within(a, b string, errors int) (int, bool) {
	if len(a)-len(b) > errors || len(b)-len(a) > errors {
		return 0, false
	}
	d := names.Distance(a, b)
	return d, d <= errors
}

func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
