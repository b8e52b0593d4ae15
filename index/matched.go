package index

import (
	"slices"
	"strings"

	"annuaire"

	"github.com/RoaringBitmap/roaring/v2"
)

// hit says why a candidate is on the page.
func (s *search) hit(c candidate, grade int) (Hit, error) {
	v := s.views[c.view]
	h := Hit{ID: strings.TrimPrefix(c.at.id, s.sets.prefix), Grade: grade, Family: c.at.family, Given: c.at.given}
	doc, err := s.situation(v, s.plan, c.doc, s.graded && grade == 0)
	if err != nil {
		return h, err
	}
	h.Situation = int(doc - c.doc)
	h.MatchedOn, err = s.matchedOn(v, c.doc)
	return h, err
}

// situation returns the first document of the person of head that satisfies the first positive OneActivity of the query, or
// else its first criterion about a situation; head when there is none.
func (s *search) situation(v *view, p *plan, head uint32, tight bool) (uint32, error) {
	docs, err := s.situations(v, p, tight)
	if err != nil || docs == nil {
		return head, err
	}
	for d, end := head, v.groups.end(head); d < end; d++ {
		if docs.Contains(d) {
			return d, nil
		}
	}
	return head, nil
}

// situations returns the documents that situation looks among, nil when the query says nothing about situations. It is evaluated
// once for each segment and grade, not for each hit.
func (s *search) situations(v *view, p *plan, tight bool) (*roaring.Bitmap, error) {
	memo := &v.matching[0]
	if tight {
		memo = &v.matching[1]
	}
	if *memo != nil {
		return *memo, nil
	}
	var err error
	if one := firstOne(p); one != nil {
		*memo, err = v.eval(one.args[0], true, tight)
		return *memo, err
	}
	for _, c := range s.comp.criteria {
		if !c.person && slices.Contains(positive(p, nil), c) {
			*memo, err = v.match(c, tight)
			return *memo, err
		}
	}
	return nil, nil
}

func firstOne(p *plan) *plan {
	if p.op == planOne && !p.neg {
		return p
	}
	if p.op == planOne || p.op == planLeaf {
		return nil
	}
	for _, a := range p.args {
		if one := firstOne(a); one != nil {
			return one
		}
	}
	return nil
}

// positive appends the criteria that count for a match.
func positive(p *plan, to []*criterion) []*criterion {
	if p.op == planLeaf && !p.neg {
		return append(to, p.leaf)
	}
	if p.neg {
		return to
	}
	for _, a := range p.args {
		to = positive(a, to)
	}
	return to
}

// matchedOn names the positive criteria that the person of head satisfies, and how well.
func (s *search) matchedOn(v *view, head uint32) ([]string, error) {
	crit := positive(s.plan, nil)
	slices.SortFunc(crit, func(a, b *criterion) int { return a.id - b.id })
	var out []string
	end := v.groups.end(head)
	for _, c := range crit {
		how := ""
		for _, tight := range []bool{false, true} {
			if tight && (c.exact == nil || how == "") {
				continue
			}
			docs, err := v.match(c, tight)
			if err != nil {
				return nil, err
			}
			if !docs.IntersectsWithInterval(uint64(head), uint64(end)) {
				continue
			}
			if how = "exact"; !tight && (c.exact != nil || c.weak || c.value.Op == annuaire.OpContains || c.value.Op == annuaire.OpPrefix) {
				how = "prefix"
			}
		}
		if on := string(c.field) + "=" + how; how != "" && !slices.Contains(out, on) {
			out = append(out, on)
		}
	}
	return out, nil
}
