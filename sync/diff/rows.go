package diff

// Row is what is kept of an extract row.
type Row struct {
	Key  uint64 // what the row is about; sorts as the identifiers do
	Hash uint64 // of the bytes of the row
	Pos  uint64 // where it stands: see At
}

// MaxRow is the longest row that At can place, in bytes.
const MaxRow = 1<<20 - 1

// At packs the place of a row: offset in bytes (below 2^44) and length (at most MaxRow).
func At(offset int64, n int) uint64 { return uint64(offset)<<20 | uint64(n) }

// Span is the inverse of At.
func Span(pos uint64) (offset int64, n int) { return int64(pos >> 20), int(pos & MaxRow) }

// Variant is one of the distinct rows of a group and how often it stands there.
type Variant struct {
	Row
	Count int
}

// Variants returns the distinct rows of one sorted group.
func Variants(group []Row) []Variant {
	out := make([]Variant, 0, len(group))
	for _, r := range group {
		if n := len(out); n > 0 && out[n-1].Hash == r.Hash {
			out[n-1].Count++
			continue
		}
		out = append(out, Variant{r, 1})
	}
	return out
}

// Print combines the hashes of sorted groups: the distinct ones of each, in order.
func Print(groups ...[]Row) uint64 {
	h := uint64(len(groups))
	for i, g := range groups {
		h = mix(h, uint64(i))
		for j, r := range g {
			if j == 0 || g[j-1].Hash != r.Hash {
				h = mix(h, r.Hash)
			}
		}
	}
	return h
}

// CountedPrint is Print for a group whose record depends on how often each variant stands there: counts enter only when
// there is more than one variant, so that one more employee at a hospital does not make the hospital look different.
func CountedPrint(variants []Variant) uint64 {
	h := uint64(len(variants))
	for _, v := range variants {
		h = mix(h, v.Hash)
		if len(variants) > 1 {
			h = mix(h, uint64(v.Count))
		}
	}
	return h
}

// mix is the finaliser of SplitMix64 over a running hash: order-sensitive, which is why groups are sorted first.
func mix(h, x uint64) uint64 {
	h ^= x + 0x9e3779b97f4a7c15 + h<<6 + h>>2
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
