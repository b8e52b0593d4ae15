package diff

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSortAgreesWithComparison(t *testing.T) {
	for name, key := range map[string]func(*rand.Rand) uint64{
		"hashes":                      func(r *rand.Rand) uint64 { return r.Uint64() },
		"identifiers":                 func(r *rand.Rand) uint64 { return 810000000000 + r.Uint64N(2_000_000) },
		"few keys, many rows":         func(r *rand.Rand) uint64 { return r.Uint64N(3) },
		"one key":                     func(*rand.Rand) uint64 { return 7 },
		"one key far from the others": func(r *rand.Rand) uint64 { return []uint64{0, 1<<64 - 1, 1 << 63, 5}[r.IntN(4)] },
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
				rows := make([]Row, rapid.IntRange(0, 3000).Draw(t, "rows"))
				for i := range rows {
					rows[i] = Row{Key: key(r), Hash: r.Uint64N(4), Pos: r.Uint64N(4)}
				}
				want := slices.Clone(rows)
				slices.SortFunc(want, compareRows)
				if Sort(rows); !slices.Equal(rows, want) {
					t.Fatal("not in order, or not the same rows")
				}
			})
		})
	}
}

// Beside the standard library's sort, on rows as the activity file has them: identifiers in no order.
func BenchmarkSort(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 0))
	rows := make([]Row, 1_000_000)
	for i := range rows {
		rows[i] = Row{Key: 810000000000 + r.Uint64N(1_000_000_000), Hash: r.Uint64(), Pos: uint64(i)}
	}
	work := make([]Row, len(rows))
	for name, sort := range map[string]func([]Row){"deal": Sort, "compare": func(rows []Row) { slices.SortFunc(rows, compareRows) }} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				copy(work, rows)
				sort(work)
			}
		})
	}
}
