package index

import (
	"github.com/RoaringBitmap/roaring/v2"
)

// eval returns the set of p in a segment: heads, or documents when docs is set (below a planOne). Results may be shared and are
// not to be changed.
func (v *view) eval(p *plan, docs bool) (graded, error) {
	g, err := v.evalNode(p, docs)
	if err != nil {
		return nil, err
	}
	if p.neg {
		g = flat(roaring.AndNot(v.universe(docs), g.all()))
	}
	return g.plus(p.cost), nil
}

func (v *view) evalNode(p *plan, docs bool) (graded, error) {
	switch p.op {
	case planNone:
		return nil, nil
	case planAll:
		return flat(v.universe(docs)), nil
	case planAnd:
		return v.evalAnd(p, docs)
	case planOr:
		return v.evalOr(p, docs)
	case planOne:
		g, err := v.eval(p.args[0], true)
		return g.each(v.groups.project), err
	}
	g, err := v.match(p.leaf)
	switch {
	case err != nil:
		return nil, err
	case p.leaf.person && docs:
		g = g.each(v.groups.spread)
	case !p.leaf.person && !docs:
		g = g.each(v.groups.project)
	}
	return g, nil
}

func (v *view) universe(docs bool) *roaring.Bitmap {
	if docs && v.heads == v.groups.heads {
		return v.groups.all
	}
	return v.heads
}

func (v *view) evalAnd(p *plan, docs bool) (graded, error) {
	out := flat(v.universe(docs))
	outer := v.in
	defer func() { v.in = outer }()
	for i, a := range p.args {
		if i > 0 && (a.searching() || !docs && a.projecting()) {
			v.narrow(out.all(), docs, a)
		}
		g, err := v.eval(a, docs)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out = g
		} else {
			out = out.and(g)
		}
		if len(out) == 0 {
			return nil, nil
		}
	}
	return out, nil
}

func (v *view) evalOr(p *plan, docs bool) (graded, error) {
	sets := make([]graded, 0, len(p.args))
	for _, a := range p.args {
		if a.late && !v.late {
			continue
		}
		g, err := v.eval(a, docs)
		if err != nil {
			return nil, err
		}
		sets = append(sets, g)
	}
	if len(sets) == 1 {
		return sets[0], nil
	}
	return either(sets), nil
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

// narrowBy is how many times fewer documents have to be left for criteria to be looked for among them alone: looking at each term costs
// more than uniting sets that are there already.
const narrowBy = 8

// narrow restricts what p looks for next to the documents of the people of a set, of heads unless docs is set, when they are few: to those of the
// set itself where p is about them alone.
func (v *view) narrow(set *roaring.Bitmap, docs bool, p *plan) {
	if set.GetCardinality()*narrowBy > uint64(v.groups.n) {
		return
	}
	if docs && !p.personal() {
		v.in = set
		return
	}
	if docs { // what is about the person is on the head, which need not be in the set
		set = v.groups.project(set)
	}
	v.in = v.groups.spread(set)
}

// match returns the documents of a criterion: heads for one about the person; of those in v.in only, where that is set. It is remembered
// for the time of the search.
func (v *view) match(c *criterion) (graded, error) {
	if m := &v.memo[c.id]; m.known && (m.in == nil || m.in == v.in) {
		return m.set, nil
	}
	var out graded
	for _, l := range c.levels {
		if l.late && !v.late || l.cost > v.limit {
			break
		}
		b, err := l.m.match(v)
		if err != nil {
			return nil, err
		}
		if v.heads != v.groups.heads { // one kind of document among others
			b = roaring.And(b, v.heads)
		}
		if v.in != nil { // not every matcher looks there only
			b = roaring.And(b, v.in)
		}
		if !l.covers && len(out) > 0 {
			b = roaring.Or(out.all(), b)
		}
		out = out.with(l.cost, b)
	}
	v.memo[c.id] = memo{set: out, known: true, in: v.in}
	return out, nil
}

// memo is what a criterion was found to match.
type memo struct {
	set   graded
	known bool
	in    *roaring.Bitmap // where it was looked for; nil: everywhere
}
