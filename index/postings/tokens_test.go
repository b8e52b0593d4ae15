package postings

import (
	"slices"
	"testing"
)

func TestTokensKeepTheirOrder(t *testing.T) {
	var ts tokens
	for _, n := range []int{0, 1, minBlock, minBlock + 1, 3 * maxBlock, 5, 4*maxBlock + 7} {
		ts.reset() // what was there before does not show
		var want, got []token
		for i := range uint32(n) {
			ts.add(i%97, i)
			want = append(want, token{i % 97, i})
		}
		ts.each(func(block []token) { got = append(got, block...) })
		if !slices.Equal(want, got) || ts.len() != n {
			t.Fatalf("%d tokens: %d, %d of them in blocks", n, ts.len(), len(got))
		}
	}
}

func TestTokensUseTheirRoomAgain(t *testing.T) {
	var ts tokens
	fill := func() {
		ts.reset()
		for i := range uint32(3*maxBlock + 5) {
			ts.add(i, i)
		}
	}
	fill()
	if n := testing.AllocsPerRun(5, fill); n > 0 {
		t.Error(n, "allocations to fill a list again")
	}
}
