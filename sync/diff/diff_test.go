package diff

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPlaceOfARow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		off, n := rapid.Int64Range(0, 1<<44-1).Draw(t, "offset"), rapid.IntRange(0, MaxRow).Draw(t, "length")
		if o, l := Span(At(off, n)); o != off || l != n {
			t.Fatalf("Span(At(%d, %d)) = %d, %d", off, n, o, l)
		}
	})
}

func TestPrint(t *testing.T) {
	row := func(h uint64) Row { return Row{Key: 1, Hash: h} }
	base := []Row{row(3), row(5), row(9)}
	t.Run("does not depend on the order of the rows", func(t *testing.T) {
		for range 20 {
			g := slices.Clone(base)
			rand.Shuffle(len(g), func(i, j int) { g[i], g[j] = g[j], g[i] })
			Sort(g)
			if Print(g) != Print(base) {
				t.Fatal("another order gave another print")
			}
		}
	})
	t.Run("does not depend on true duplicates", func(t *testing.T) {
		if Print([]Row{row(3), row(3), row(5), row(9), row(9)}) != Print(base) {
			t.Fatal("a duplicate row changed the print")
		}
	})
	t.Run("differs when a row is added, lost or altered", func(t *testing.T) {
		for _, g := range [][]Row{{}, {row(3)}, {row(3), row(5)}, {row(3), row(5), row(8)}, {row(3), row(5), row(9), row(11)}} {
			if Print(g) == Print(base) {
				t.Fatalf("print of %v equals that of %v", g, base)
			}
		}
	})
	t.Run("tells files apart", func(t *testing.T) {
		if Print(base[:1], base[1:]) == Print(base[:2], base[2:]) {
			t.Fatal("a row that moved from one file to another left no trace")
		}
	})
}

func TestCountedPrint(t *testing.T) {
	v := func(h uint64, n int) Variant { return Variant{Row{Hash: h}, n} }
	t.Run("ignores the count of an only variant", func(t *testing.T) {
		if CountedPrint([]Variant{v(7, 1)}) != CountedPrint([]Variant{v(7, 4000)}) {
			t.Fatal("one more employee changed the structure")
		}
	})
	t.Run("sees which of several variants is the commoner", func(t *testing.T) {
		if CountedPrint([]Variant{v(7, 2), v(8, 1)}) == CountedPrint([]Variant{v(7, 1), v(8, 2)}) {
			t.Fatal("counts of rival variants are ignored")
		}
	})
}

func TestGroupsGiveEveryRowOnceByAscendingKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) []Row {
			keys := rapid.SliceOf(rapid.Uint64Range(0, 20)).Draw(t, name)
			rows := make([]Row, len(keys))
			for i, k := range keys {
				rows[i] = Row{Key: k, Hash: uint64(i)}
			}
			Sort(rows)
			return rows
		}
		files := [][]Row{draw("a"), draw("b"), draw("c")}
		got, last := make([][]Row, 3), -1
		for g := range Groups(files...) {
			if int(g.Key) <= last {
				t.Fatalf("key %d after %d", g.Key, last)
			}
			last = int(g.Key)
			for i, f := range g.Files {
				got[i] = append(got[i], f...)
			}
		}
		for i := range files {
			if len(files[i])+len(got[i]) > 0 && !slices.Equal(files[i], got[i]) {
				t.Fatalf("file %d: %s", i, cmp.Diff(files[i], got[i]))
			}
		}
	})
}

func TestCompareAgreesWithSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := func(name string) map[uint64]uint64 {
			return rapid.MapOf(rapid.Uint64Range(0, 30), rapid.Uint64Range(0, 2)).Draw(t, name)
		}
		news, olds := side("new"), side("old")
		want := map[uint64]Verdict{}
		for k, p := range news {
			switch q, ok := olds[k]; {
			case !ok:
				want[k] = Came
			case p != q:
				want[k] = Differs
			default:
				want[k] = Same
			}
		}
		for k := range olds {
			if _, ok := news[k]; !ok {
				want[k] = Left
			}
		}
		got := map[uint64]Verdict{}
		for v, o := range Compare(seq(news, func(k, p uint64) New { return New{k, p} }), seq(olds, func(k, p uint64) Old { return Old{Key: k, Print: p} })) {
			got[o.Key] = v
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

func seq[T any](m map[uint64]uint64, of func(k, p uint64) T) func(func(T) bool) {
	keys := make([]uint64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return func(yield func(T) bool) {
		for _, k := range keys {
			if !yield(of(k, m[k])) {
				return
			}
		}
	}
}
