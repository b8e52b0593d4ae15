package postings

import (
	"fmt"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"
)

func TestTermsWithinASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 120).Draw(t, "documents")
		docs, want := make([]doc, n), map[string]*roaring.Bitmap{}
		for i := range docs {
			docs[i].id = fmt.Sprint("d", i)
			for w := range 6 { // from one document to nearly all
				if i == w || w > 1 && i%w == 0 {
					word := fmt.Sprint("w", w)
					docs[i].words = append(docs[i].words, word)
					if want[word] == nil {
						want[word] = roaring.New()
					}
					want[word].Add(uint32(i))
				}
			}
		}
		dict, err := build(t, docs).Dictionary("words")
		if err != nil {
			t.Fatal(err)
		}
		d := dict.(*dictionary)
		in := roaring.New()
		for range rapid.IntRange(0, 20).Draw(t, "size") {
			in.Add(uint32(rapid.IntRange(0, n+70).Draw(t, "member")))
		}
		got := 0
		if err := d.EachWithin([]byte("w"), []byte("x"), in, func(term []byte, docs *roaring.Bitmap) bool {
			got++
			if w := roaring.And(want[string(term)], in); !w.Equals(docs) || w.IsEmpty() {
				t.Fatalf("%s: %v, want %v", term, docs, w)
			}
			return true
		}); err != nil {
			t.Fatal(err)
		}
		for word, all := range want {
			if all.Intersects(in) {
				got--
			}
			if c := d.CountRange([]byte(word), []byte(word+"\x00")); c != 1 {
				t.Fatal(word, c)
			}
		}
		if got != 0 {
			t.Fatalf("%d terms too many", got)
		}
	})
	t.Run("it stops where it is told to", func(t *testing.T) {
		dict, err := build(t, []doc{{id: "1", words: []string{"a", "b"}}}).Dictionary("words")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		if err := dict.(*dictionary).EachWithin([]byte("a"), []byte("z"), roaring.BitmapOf(0), func([]byte, *roaring.Bitmap) bool { n++; return false }); err != nil || n != 1 {
			t.Fatal(n, err)
		}
	})
}
