package index

import (
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// facetColumns are the columns of a segment that have been asked for.
type facetColumns struct {
	mu   sync.Mutex
	cols map[byte]*facetColumn
}

// facetColumn says which codes of a kind each document has. Four bytes a document, built from the postings when first asked.
type facetColumn struct {
	values []string
	first  []uint32            // by document: 1 + its first value, with several set when it has others; 0 for none
	more   map[uint32][]uint32 // the others
}

const several = 1 << 31

func (f *facetColumns) column(v *view, sp spec) (*facetColumn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.cols[sp.kind]; c != nil {
		return c, nil
	}
	c := &facetColumn{first: make([]uint32, v.groups.n), more: map[uint32][]uint32{}}
	err := v.scan(sp.field, string(rune(sp.kind)), func(term string, docs func() (*roaring.Bitmap, error)) (bool, error) {
		b, err := docs()
		if err != nil {
			return false, err
		}
		c.add(term[1:], b)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	if f.cols == nil {
		f.cols = map[byte]*facetColumn{}
	}
	f.cols[sp.kind] = c
	return c, nil
}

func (c *facetColumn) add(value string, docs *roaring.Bitmap) {
	ord := uint32(len(c.values))
	c.values = append(c.values, value)
	it, buf := docs.ManyIterator(), make([]uint32, 512)
	for n := it.NextMany(buf); n > 0; n = it.NextMany(buf) {
		for _, d := range buf[:n] {
			if c.first[d] == 0 {
				c.first[d] = ord + 1
				continue
			}
			c.first[d] |= several
			c.more[d] = append(c.more[d], ord)
		}
	}
}

// count adds to totals, for each value that somebody has in docs, each times as often as there are such people.
func (c *facetColumn) count(g *groups, docs *roaring.Bitmap, totals map[string]int, each int) {
	counts, last := make([]int, len(c.values)), make([]uint32, len(c.values)) // last: 1 + the head it was last counted for
	it, buf := docs.ManyIterator(), make([]uint32, 512)
	for n := it.NextMany(buf); n > 0; n = it.NextMany(buf) {
		for _, d := range buf[:n] {
			first := c.first[d]
			if first == 0 {
				continue
			}
			h := d
			if g.isCont(d) {
				h = g.head(d)
			}
			tally(counts, last, first&^several-1, h+1)
			if first&several != 0 {
				for _, ord := range c.more[d] {
					tally(counts, last, ord, h+1)
				}
			}
		}
	}
	for ord, n := range counts {
		if n > 0 {
			totals[c.values[ord]] += n * each
		}
	}
}

func tally(counts []int, last []uint32, ord, head uint32) {
	if last[ord] != head {
		last[ord] = head
		counts[ord]++
	}
}
