package api

import (
	"math"

	"annuaire/internal/names"
)

// nearest returns the candidate at the smallest edit distance from s, however far, the first of equals, or "" when there is none. s is cut at
// 64 runes: the distance costs the product of the lengths and s comes from anyone.
func nearest(s string, candidates []string) string {
	for _, best := range names.Nearest(echoed(s), candidates, math.MaxInt, 1) {
		return best
	}
	return ""
}
