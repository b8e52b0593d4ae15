package main

import (
	"math"
	"slices"
)

// agreement is how far two systems gave the same answers to a kind of question.
type agreement struct {
	asked  int     // questions both answered
	totals int     // of which the totals are the same
	pages  int     // of which the first 20 people are the same, in the same order
	apart  float64 // the largest difference of totals, as a share of the larger one
}

func compare(ours, theirs []answer) agreement {
	var g agreement
	for i := range min(len(ours), len(theirs)) {
		a, b := ours[i], theirs[i]
		g.asked++
		if a.Total == b.Total {
			g.totals++
		}
		if slices.Equal(a.ids(), b.ids()) {
			g.pages++
		}
		if most := max(a.Total, b.Total); most > 0 {
			g.apart = max(g.apart, math.Abs(float64(a.Total-b.Total))/float64(most))
		}
	}
	return g
}
