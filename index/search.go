package index

import (
	"context"
	"slices"

	"annuaire"

	"github.com/RoaringBitmap/roaring/v2"
)

// search is one question being answered: a snapshot, a plan, and the sets found so far.
type search struct {
	e      *engine
	ctx    context.Context
	q      annuaire.Query
	views  []*view
	plan   *plan
	comp   *compiler
	found  []found // per view
	graded bool    // whole-value matches come first
	sets   *schemaSet

	facetPlans []*facet
}

// found is the heads that match in a segment, deleted ones dropped.
type found struct {
	all   *roaring.Bitmap
	exact *roaring.Bitmap // those of grade 0
}

// schemaSet is a kind of record: what it answers to, and which documents it is made of.
type schemaSet struct {
	schema schema
	flat   string // the term of its documents in the places index; "" for people
	prefix string // of their document ids
}

// answer runs a query on the current snapshot.
func (e *engine) answer(ctx context.Context, q annuaire.Query, set *schemaSet) (Result, error) {
	snap, release, err := e.snapshot()
	if err != nil {
		return Result{}, err
	}
	defer release()
	s := &search{e: e, ctx: ctx, q: q, sets: set}
	if s.views, err = e.segments.views(snap); err != nil {
		return Result{}, err
	}
	if err := s.prepare(); err != nil {
		return Result{}, err
	}
	var res Result
	for _, v := range s.views {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		f, err := s.find(v)
		if err != nil {
			return Result{}, err
		}
		s.found = append(s.found, f)
		res.Total += int(f.all.GetCardinality())
	}
	if res.Hits, err = s.page(); err != nil {
		return Result{}, err
	}
	if n := s.limit(); len(res.Hits) > n {
		res.Hits = res.Hits[:n]
		res.Next = positionAfter(res.Hits[n-1])
	}
	res.Facets, err = s.facets(res.Total)
	return res, err
}

func (s *search) limit() int {
	switch {
	case s.q.Limit <= 0:
		return annuaire.DefaultLimit
	case s.q.Limit > annuaire.MaxLimit:
		return annuaire.MaxLimit
	}
	return s.q.Limit
}

func (s *search) prepare() (err error) {
	if s.sets.flat != "" {
		if s.views, err = kindViews(s.views, s.sets.flat); err != nil {
			return err
		}
	}
	s.comp = newCompiler(s.sets.schema, s.views)
	if s.plan, err = s.comp.compile(s.q.Where, false, false, false); err != nil {
		return err
	}
	if s.facetPlans, err = s.compileFacets(); err != nil {
		return err
	}
	for _, v := range s.views {
		v.memo = make([]*roaring.Bitmap, 2*len(s.comp.criteria))
		v.known = make([]bool, 2*len(s.comp.criteria))
	}
	s.graded = s.q.Sort != annuaire.SortName && slices.ContainsFunc(s.comp.criteria, func(c *criterion) bool { return c.exact != nil })
	return nil
}

func (s *search) find(v *view) (found, error) {
	all, err := v.eval(s.plan, false, false)
	if err != nil {
		return found{}, err
	}
	f := found{all: v.live(all)}
	f.exact = f.all
	if s.graded && !f.all.IsEmpty() {
		exact, err := v.eval(s.plan, false, true)
		if err != nil {
			return found{}, err
		}
		f.exact = roaring.And(exact, f.all)
	}
	return f, nil
}

// page returns the hits of the page and, when there is one, the hit after it.
func (s *search) page() ([]Hit, error) {
	want, after := s.limit()+1, s.q.After
	grade := 0
	if after != nil && s.graded {
		grade = min(max(after.Grade, 0), 1)
	}
	var hits []Hit
	for ; grade <= 1 && len(hits) < want; grade++ {
		if grade == 1 && !s.graded {
			break
		}
		from := (*place)(nil)
		if after != nil && (!s.graded || after.Grade == grade) {
			p := place{after.Family, after.Given, s.sets.prefix + after.ID}
			from = &p
		}
		top := newTop(want-len(hits), from)
		for i, v := range s.views {
			if err := s.ctx.Err(); err != nil {
				return nil, err
			}
			docs := s.found[i].exact
			if grade == 1 {
				docs = roaring.AndNot(s.found[i].all, docs)
			}
			if err := top.add(s, i, v, docs); err != nil {
				return nil, err
			}
		}
		best, err := top.sorted(s.views)
		if err != nil {
			return nil, err
		}
		for _, c := range best {
			h, err := s.hit(c, grade)
			if err != nil {
				return nil, err
			}
			hits = append(hits, h)
		}
	}
	return hits, nil
}
