package index

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// layer is the documents that match at no more than a cost.
type layer struct {
	cost int
	docs *roaring.Bitmap
}

// graded is a set of documents and how well each matches: layers of growing cost, each including those before it. The last is the
// whole set; none is empty. Bitmaps may be shared and are not to be changed.
type graded []layer

// flat is a set whose documents all match at no cost.
func flat(docs *roaring.Bitmap) graded {
	if docs.IsEmpty() {
		return nil
	}
	return graded{{0, docs}}
}

// all returns the whole set.
func (g graded) all() *roaring.Bitmap {
	if len(g) == 0 {
		return nothing
	}
	return g[len(g)-1].docs
}

// within returns the documents that match at no more than cost.
func (g graded) within(cost int) *roaring.Bitmap {
	out := nothing
	for _, l := range g {
		if l.cost > cost {
			break
		}
		out = l.docs
	}
	return out
}

// costOf returns what it costs the cheapest document of [from, to) to match.
func (g graded) costOf(from, to uint32) (cost int, ok bool) {
	for _, l := range g {
		if l.docs.IntersectsWithInterval(uint64(from), uint64(to)) {
			return l.cost, true
		}
	}
	return 0, false
}

// plus makes every match dearer.
func (g graded) plus(cost int) graded {
	if cost == 0 {
		return g
	}
	out := slices.Clone(g)
	for i := range out {
		out[i].cost += cost
	}
	return out
}

// each replaces the documents of every layer; fn keeps what includes what.
func (g graded) each(fn func(*roaring.Bitmap) *roaring.Bitmap) graded {
	out := make(graded, 0, len(g))
	for _, l := range g {
		out = out.with(l.cost, fn(l.docs))
	}
	return out
}

// with adds a layer, unless it adds no document.
func (g graded) with(cost int, docs *roaring.Bitmap) graded {
	if docs.IsEmpty() || len(g) > 0 && docs.GetCardinality() == g.all().GetCardinality() {
		return g
	}
	return append(g, layer{cost, docs})
}

// and returns the documents of both sets; their costs add up.
func (g graded) and(h graded) graded {
	if len(g) == 0 || len(h) == 0 {
		return nil
	}
	both := roaring.And(g.all(), h.all())
	if both.IsEmpty() {
		return nil
	}
	if len(g) == 1 && len(h) == 1 {
		return graded{{g[0].cost + h[0].cost, both}}
	}
	narrow := func(b *roaring.Bitmap) *roaring.Bitmap { return roaring.And(b, both) }
	g, h = g.each(narrow), h.each(narrow)
	var costs []int
	for _, a := range g {
		for _, b := range h {
			costs = append(costs, a.cost+b.cost)
		}
	}
	return byCost(costs, func(cost int) *roaring.Bitmap {
		sets := make([]*roaring.Bitmap, 0, len(g))
		for _, a := range g {
			if b := h.within(cost - a.cost); !b.IsEmpty() {
				sets = append(sets, roaring.And(a.docs, b))
			}
		}
		return union(sets)
	})
}

// either returns the documents of any of the sets, each at its cheapest.
func either(sets []graded) graded {
	var costs []int
	for _, g := range sets {
		for _, l := range g {
			costs = append(costs, l.cost)
		}
	}
	return byCost(costs, func(cost int) *roaring.Bitmap {
		docs := make([]*roaring.Bitmap, 0, len(sets))
		for _, g := range sets {
			if b := g.within(cost); !b.IsEmpty() {
				docs = append(docs, b)
			}
		}
		return union(docs)
	})
}

// byCost makes a layer for each of costs.
func byCost(costs []int, docs func(cost int) *roaring.Bitmap) (out graded) {
	slices.Sort(costs)
	for _, cost := range slices.Compact(costs) {
		out = out.with(cost, docs(cost))
	}
	return out
}

// first returns the first document of docs at or after from; there is one.
func first(docs *roaring.Bitmap, from uint32) uint32 {
	it := docs.Iterator()
	it.AdvanceIfNeeded(from)
	return it.Next()
}
