package index

import (
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
)

// groups knows which documents of a segment are one person: a head and the continuations that follow it. All its bitmaps
// include deleted documents and are never changed.
type groups struct {
	n     uint32
	all   *roaring.Bitmap
	heads *roaring.Bitmap
	cont  *roaring.Bitmap
	first *roaring.Bitmap // heads that a continuation follows
	bits  []uint64        // cont, to walk along
}

func newGroups(n uint32, cont *roaring.Bitmap) *groups {
	g := &groups{n: n, all: roaring.New(), cont: roaring.New(), bits: make([]uint64, (n+63)/64+1)}
	g.all.AddRange(0, uint64(n))
	first := make([]uint32, 0, cont.GetCardinality())
	it := cont.Iterator()
	for it.HasNext() {
		d := it.Next()
		g.bits[d/64] |= 1 << (d % 64)
		if d > 0 && !g.isCont(d-1) {
			first = append(first, d-1)
		}
	}
	g.cont = roaring.FromDense(g.bits, true)
	g.heads = roaring.AndNot(g.all, g.cont)
	g.first = roaring.BitmapOf(first...)
	return g
}

func (g *groups) isCont(d uint32) bool { return g.bits[d/64]>>(d%64)&1 == 1 }

// head returns the head of the person to whom document d belongs.
func (g *groups) head(d uint32) uint32 {
	w, shift := d/64, 63-d%64
	// The nearest bit at or before d that is not a continuation.
	free := ^g.bits[w] << shift
	if free != 0 {
		return d - uint32(bits.LeadingZeros64(free))
	}
	for w > 0 {
		w--
		if free = ^g.bits[w]; free != 0 {
			return w*64 + 63 - uint32(bits.LeadingZeros64(free))
		}
	}
	return 0
}

// end returns the document after the last of the person of head h.
func (g *groups) end(h uint32) uint32 {
	d := h + 1
	for d < g.n && g.isCont(d) {
		d++
	}
	return d
}

// project returns the heads of the people who have a document in docs. The result may be docs.
func (g *groups) project(docs *roaring.Bitmap) *roaring.Bitmap {
	if !docs.Intersects(g.cont) {
		return docs
	}
	more := roaring.And(docs, g.cont)
	heads := make([]uint32, 0, more.GetCardinality())
	it, buf := more.ManyIterator(), make([]uint32, 256)
	for n := it.NextMany(buf); n > 0; n = it.NextMany(buf) {
		for _, d := range buf[:n] {
			if h := g.head(d); len(heads) == 0 || heads[len(heads)-1] != h {
				heads = append(heads, h)
			}
		}
	}
	out := roaring.AndNot(docs, g.cont)
	out.Or(roaring.BitmapOf(heads...)) // far quicker than adding one by one between those that are there
	return out
}

// spread returns all documents of the people of heads. The result may be heads.
func (g *groups) spread(heads *roaring.Bitmap) *roaring.Bitmap {
	if !heads.Intersects(g.first) {
		return heads
	}
	several := roaring.And(heads, g.first)
	docs := make([]uint32, 0, 2*several.GetCardinality())
	it, buf := several.ManyIterator(), make([]uint32, 256)
	for n := it.NextMany(buf); n > 0; n = it.NextMany(buf) {
		for _, h := range buf[:n] {
			for d := h + 1; d < g.n && g.isCont(d); d++ {
				docs = append(docs, d)
			}
		}
	}
	return roaring.Or(heads, roaring.BitmapOf(docs...))
}
