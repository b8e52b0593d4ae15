package api

import "annuaire/internal/names"

// nearest returns the candidate at the smallest edit distance from s, the first of equals, or "" when there is none.
// Candidates are plain ASCII; s is folded, so that "Département" is near "department". It is cut at 64 runes: the distance
// costs the product of the lengths and s comes from anyone.
func nearest(s string, candidates []string) string {
	typed := names.Fold(echoed(s))
	best, at := "", -1
	for _, c := range candidates {
		if d := names.Distance(typed, names.Fold(c)); at < 0 || d < at {
			best, at = c, d
		}
	}
	return best
}
