package names

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestLexicon(t *testing.T) {
	t.Run("it finds every word that is near, and no other", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			word := rapid.StringMatching(`[abcd]{1,8}`)
			words := rapid.SliceOfNDistinct(word, 0, 30, rapid.ID).Draw(t, "words")
			asked, edits := word.Draw(t, "asked"), rapid.IntRange(1, 2).Draw(t, "edits")
			var l Lexicon
			want := map[string]int{}
			for i, w := range words {
				if l.Add(w) != i || l.Word(i) != w || l.Len() != i+1 {
					t.Fatal(w)
				}
				if d := Distance(asked, w); d > 0 && d <= edits {
					want[w] = d
				}
			}
			got := map[string]int{}
			l.Near(asked, edits, func(at, d int) { got[words[at]] = d })
			if d := cmp.Diff(want, got); d != "" {
				t.Fatal(d)
			}
		})
	})
	t.Run("a word too long to compare is not there", func(t *testing.T) {
		var l Lexicon
		if l.Add(string(slices.Repeat([]byte("a"), MaxWithin+1))) >= 0 {
			t.Error("it was taken")
		}
		l.Near(string(slices.Repeat([]byte("a"), MaxWithin)), 2, func(int, int) { t.Error("found") })
	})
}

func BenchmarkLexicon(b *testing.B) {
	var l Lexicon
	rng, letters := uint32(1), "eeaaiinrstloudcmpg"
	for i := range 400_000 {
		w := make([]byte, 4+i%8)
		for j := range w {
			rng = rng*1664525 + 1013904223
			w[j] = letters[int(rng>>16)%len(letters)]
		}
		l.Add(string(w))
	}
	for b.Loop() {
		l.Near("lambertin", 2, func(int, int) {})
	}
}
