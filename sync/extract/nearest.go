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
		if d := distance(want, have); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two short byte strings.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
