package index

import (
	"github.com/RoaringBitmap/roaring/v2"
)

// eval returns the set of p in a segment: heads, or documents when docs is set (below a planOne). tight asks for the whole-value
// form of prefix criteria. Results may be shared and are not to be changed.
func (v *view) eval(p *plan, docs, tight bool) (*roaring.Bitmap, error) {
	switch p.op {
	case planNone:
		return nothing, nil
	case planAll:
		return v.universe(docs), nil
	case planAnd:
		return v.evalAnd(p, docs, tight)
	case planOr:
		return v.evalOr(p, docs, tight)
	case planOne:
		b, err := v.eval(p.args[0], true, tight)
		if err != nil {
			return nil, err
		}
		return v.complement(v.groups.project(b), p.neg, false), nil
	}
	b, err := v.match(p.leaf, tight && !p.neg)
	switch {
	case err != nil:
		return nil, err
	case p.leaf.person && docs:
		b = v.groups.spread(b)
	case !p.leaf.person && !docs:
		b = v.groups.project(b)
	}
	return v.complement(b, p.neg, docs), nil
}

func (v *view) universe(docs bool) *roaring.Bitmap {
	if docs && v.heads == v.groups.heads {
		return v.groups.all
	}
	return v.heads
}

func (v *view) complement(b *roaring.Bitmap, neg, docs bool) *roaring.Bitmap {
	if !neg {
		return b
	}
	return roaring.AndNot(v.universe(docs), b)
}

func (v *view) evalAnd(p *plan, docs, tight bool) (*roaring.Bitmap, error) {
	out := v.universe(docs)
	for i, a := range p.args {
		b, err := v.eval(a, docs, tight)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out = b
		} else {
			out = roaring.And(out, b)
		}
		if out.IsEmpty() {
			return out, nil
		}
	}
	return out, nil
}

func (v *view) evalOr(p *plan, docs, tight bool) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, 0, len(p.args))
	for _, a := range p.args {
		b, err := v.eval(a, docs, tight)
		if err != nil {
			return nil, err
		}
		sets = append(sets, b)
	}
	return union(sets), nil
}

// union returns the union of sets, none of which is changed.
func union(sets []*roaring.Bitmap) *roaring.Bitmap {
	switch len(sets) {
	case 0:
		return nothing
	case 1:
		return sets[0]
	case 2:
		return roaring.Or(sets[0], sets[1])
	}
	return roaring.FastOr(sets...)
}

// match returns the documents of a criterion: heads for one about the person. It is remembered for the time of the search.
func (v *view) match(c *criterion, tight bool) (*roaring.Bitmap, error) {
	slot, m := 2*c.id, c.asked
	if tight && c.exact != nil {
		slot, m = slot+1, c.exact
	}
	if !v.known[slot] {
		b, err := m.match(v)
		if err != nil {
			return nil, err
		}
		if v.heads != v.groups.heads { // one kind of document among others
			b = roaring.And(b, v.heads)
		}
		v.memo[slot], v.known[slot] = b, true
	}
	return v.memo[slot], nil
}
