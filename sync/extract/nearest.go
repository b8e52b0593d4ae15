package extract

import "annuaire/internal/names"

// nearest returns the candidate most like name, folded, or "" when none is nearer than half its length.
func nearest(name string, candidates []string) string {
	want := names.Fold(name)
	best, bestDistance := "", len(want)/2+1
	for _, c := range candidates {
		have := names.Fold(c)
		if have == "" || len(have) > 3*len(want) {
			continue
		}
		if d := names.Distance(want, have); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}
