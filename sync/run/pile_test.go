package run

import (
	"slices"
	"testing"
)

func TestPilesKeepEverythingInOrder(t *testing.T) {
	for _, n := range []int{0, 1, pileBlock - 1, pileBlock, pileBlock + 1, 3*pileBlock + 7} {
		var a, b pile[int]
		var want []int
		for i := range n {
			a.add(i)
			want = append(want, i)
		}
		b.add(-1)
		got := joined(&a, &b)
		if !slices.Equal(got, append(want, -1)) || cap(got) != len(got) {
			t.Errorf("%d: not what was put on them, or %d places for %d", n, cap(got), len(got))
		}
		if len(joined(&a, &b)) > 0 {
			t.Errorf("%d: something is left", n)
		}
	}
}
