package api

import "annuaire/internal/names"

// nearest returns the candidate at the smallest edit distance from s, the first of equals, or "" when there is none.
// Candidates are plain ASCII; s is folded, so that "Département" is near "department". It is cut at 64 runes: the distance
// costs the product of the lengths and s comes from anyone.
func nearest(s string, candidates []string) string {
	typed := []rune(names.Fold(echoed(s)))
	best, at := "", -1
	for _, c := range candidates {
		if d := distance(typed, []rune(names.Fold(c))); at < 0 || d < at {
			best, at = c, d
		}
	}
	return best
}

// distance is the optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours count 1.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
