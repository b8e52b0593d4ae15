package postings

import (
	"bytes"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"
)

// asRoaring is what the library writes of a set.
func asRoaring(t interface{ Fatal(...any) }, docs []uint32) []byte {
	set := roaring.BitmapOf(docs...)
	set.RunOptimize()
	b, err := set.ToBytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func every(step, from, n uint32) (out []uint32) {
	for i := range n {
		out = append(out, from+i*step)
	}
	return out
}

func TestSetsAreWrittenAsRoaringWritesThem(t *testing.T) {
	for name, docs := range map[string][]uint32{
		"one document":                         {70_000},
		"a handful, far apart":                 {1, 5, 9, 100_000, 300_000, 1 << 31},
		"one run":                              every(1, 3, 50_000),
		"an array, as long as they get":        every(3, 0, mostInArray),
		"one more, a bitmap":                   every(3, 0, mostInArray+1),
		"a run as short as three":              {10, 11, 12},
		"runs in three containers":             every(1, 65_000, 140_000),
		"runs in four, which have offsets":     every(1, 65_000, 210_000),
		"arrays, bitmaps and runs, one by one": append(append(every(7, 0, 100), every(2, 1<<16, 20_000)...), every(1, 1<<17, 9_000)...),
		"a whole container":                    every(1, 1<<16, 1<<16),
	} {
		t.Run(name, func(t *testing.T) {
			got := appendSet([]byte("before"), docs, nil)
			if want := asRoaring(t, docs); string(got[:6]) != "before" || !bytes.Equal(got[6:], want) {
				t.Fatalf("%d bytes, roaring writes %d", len(got)-6, len(want))
			}
		})
	}
	t.Run("any set", rapid.MakeCheck(func(t *rapid.T) {
		var docs []uint32
		next := uint32(0)
		for range rapid.IntRange(1, 12).Draw(t, "parts") {
			next += rapid.SampledFrom([]uint32{1, 2, 900, 1 << 16, 1 << 18}).Draw(t, "gap")
			part := every(rapid.SampledFrom([]uint32{1, 2, 3, 17, 5_000}).Draw(t, "step"), next, rapid.Uint32Range(1, 9_000).Draw(t, "n"))
			docs = append(docs, part...)
			next = docs[len(docs)-1]
		}
		if got, want := appendSet(nil, docs, nil), asRoaring(t, docs); !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, roaring writes %d", len(got), len(want))
		}
	}))
}
