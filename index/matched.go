package index

import (
	"cmp"
	"slices"
	"strings"

	"annuaire"
)

// hit says why a candidate is on the page.
func (s *search) hit(c candidate) (Hit, error) {
	v := s.views[c.view]
	h := Hit{ID: strings.TrimPrefix(c.at.id, s.sets.prefix), Grade: c.grade, Family: c.at.family, Given: c.at.given}
	w := witness{v: v, head: c.doc, from: c.doc, to: v.groups.end(c.doc)}
	why, err := w.of(s.plan)
	if err != nil {
		return h, err
	}
	if why.doc > 0 {
		h.Situation = int(why.doc - 1 - c.doc)
	}
	h.Why = reasons(why.met)
	return h, nil
}

// witness finds out how a person satisfies a plan at the least cost.
type witness struct {
	v        *view
	head     uint32
	from, to uint32 // the documents that count for criteria about situations
}

// account is how a plan is satisfied.
type account struct {
	ok   bool
	cost int
	doc  uint32 // 1 + the situation that satisfies the first OneActivity, or else the first criterion about one; 0: none does
	by   int    // the place in the question of what gave doc: byOne for a OneActivity
	met  []met
}

// byOne comes before every criterion.
const byOne = -1

// met is a positive criterion that holds.
type met struct {
	c    *criterion
	cost int
}

func (w witness) of(p *plan) (account, error) {
	a, err := w.node(p)
	if p.neg {
		a = account{ok: !a.ok}
	}
	a.cost += p.cost
	return a, err
}

func (w witness) node(p *plan) (account, error) {
	switch p.op {
	case planNone:
		return account{}, nil
	case planAll:
		return account{ok: true}, nil
	case planAnd:
		return w.both(p.args)
	case planOr:
		return w.best(p.args)
	case planOne:
		return w.one(p)
	}
	g, err := w.v.match(p.leaf)
	if err != nil {
		return account{}, err
	}
	from, to := w.from, w.to
	if p.leaf.person {
		from, to = w.head, w.head+1
	}
	cost, ok := g.costOf(from, to)
	a := account{ok: ok, cost: cost}
	if ok {
		a.met = []met{{p.leaf, cost}}
		if !p.leaf.person {
			a.doc, a.by = 1+first(g.within(cost), from), p.leaf.id
		}
	}
	return a, nil
}

func (w witness) both(args []*plan) (account, error) {
	out := account{ok: true}
	for _, p := range args {
		a, err := w.of(p)
		if err != nil || !a.ok {
			return account{}, err
		}
		out.cost += a.cost
		out.met = append(out.met, a.met...)
		if a.doc > 0 && (out.doc == 0 || a.by < out.by) {
			out.doc, out.by = a.doc, a.by
		}
	}
	return out, nil
}

func (w witness) best(args []*plan) (account, error) {
	var out account
	for _, p := range args {
		if p.late && !w.v.late {
			continue
		}
		a, err := w.of(p)
		if err != nil {
			return account{}, err
		}
		if a.ok && (!out.ok || a.cost < out.cost) {
			out = a
		}
	}
	return out, nil
}

// one looks for the situation that satisfies the argument of a planOne best.
func (w witness) one(p *plan) (account, error) {
	var out account
	for d := w.from; d < w.to; d++ {
		a, err := witness{w.v, w.head, d, d + 1}.of(p.args[0])
		if err != nil {
			return account{}, err
		}
		if a.ok && (!out.ok || a.cost < out.cost) {
			out = a
			out.doc, out.by = 1+d, byOne
		}
	}
	return out, nil
}

// reasons lists what holds, in the order of the question: for a criterion that was taken apart, how its worst part does.
func reasons(all []met) []annuaire.Reason {
	slices.SortStableFunc(all, func(a, b met) int { return cmp.Or(a.c.group-b.c.group, b.cost-a.cost) })
	var out []annuaire.Reason
	for i, m := range all {
		if i > 0 && m.c.group == all[i-1].c.group {
			continue
		}
		out = append(out, annuaire.Reason{Field: m.c.field, Asked: m.c.value.Value, How: m.c.how(m.cost)})
	}
	return out
}
