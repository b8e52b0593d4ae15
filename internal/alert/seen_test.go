package alert

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLastSeen(t *testing.T) {
	id := rapid.OneOf(rapid.StringMatching(`8[0-9]{3}`), rapid.StringMatching(`0[0-9A]{2}`), rapid.Just("000"), rapid.Just("0000"))
	t.Run("who came and who left is counted exactly", rapid.MakeCheck(func(t *rapid.T) {
		then, now := rapid.SliceOfDistinct(id, rapid.ID).Draw(t, "then"), rapid.SliceOfDistinct(id, rapid.ID).Draw(t, "now")
		slices.Sort(then)
		slices.Sort(now)
		want := [2]int{}
		for _, v := range now {
			if !slices.Contains(then, v) {
				want[0]++
			}
		}
		for _, v := range then {
			if !slices.Contains(now, v) {
				want[1]++
			}
		}
		l := pack(then)
		joined, left, err := l.compare(now)
		if err != nil || joined != want[0] || left != want[1] {
			t.Fatalf("%v -> %v: %d joined, %d left, want %v (%v)", then, now, joined, left, want, err)
		}
	}))
	t.Run("a person takes about three bytes", func(t *testing.T) {
		var ids []string
		for i := range 100_000 {
			ids = append(ids, fmt.Sprintf("8%011d", 10_000_000_000+i*20_000)) // spread as those of the country are, wider
		}
		if l := pack(ids); len(l.Numbers) > 3*len(ids)+16 {
			t.Fatal(len(l.Numbers))
		}
	})
	t.Run("a damaged set is an error", func(t *testing.T) {
		l := lastSeen{Numbers: []byte{0xff}}
		if _, _, err := l.compare(nil); err == nil {
			t.Fatal("compared")
		}
	})
}
