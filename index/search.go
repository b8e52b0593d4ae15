package index

import (
	"context"
	"time"

	"annuaire"

	"github.com/RoaringBitmap/roaring/v2"
)

// search is one question being answered: a snapshot, a plan, and the sets found so far.
type search struct {
	e     *engine
	ctx   context.Context
	q     annuaire.Query
	views []*view
	plan  *plan
	comp  *compiler
	found []found // per view
	costs []int   // of the layers found, growing
	sets  *schemaSet
	end   time.Time // when the time to find more is over; zero: never

	facetPlans []*facet
}

// found is the heads that match in a segment, deleted ones dropped.
type found struct {
	all    *roaring.Bitmap
	graded graded
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
	s := &search{e: e, ctx: ctx, q: q, sets: set, end: mostOf(ctx)}
	if s.views, err = e.segments.views(snap); err != nil {
		return Result{}, err
	}
	if err := s.prepare(); err != nil {
		return Result{}, err
	}
	var res Result
	if res.Seq, err = e.seqOf(snap); err != nil {
		return Result{}, err
	}
	if err := s.look(&res); err != nil {
		return Result{}, err
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
	s.comp = newCompiler(s.sets.schema, s.views, s.e.words)
	if s.plan, err = s.comp.compile(s.q.Where, false, false, false); err != nil {
		return err
	}
	if s.facetPlans, err = s.compileFacets(); err != nil {
		return err
	}
	for _, v := range s.views {
		v.memo = make([]memo, len(s.comp.criteria))
	}
	return nil
}

func (s *search) find(v *view) (found, error) {
	g, err := v.eval(s.plan, false)
	if err != nil {
		return found{}, err
	}
	g = g.each(v.live)
	f := found{all: g.all(), graded: g}
	if s.q.Sort == annuaire.SortName {
		f.graded = flat(f.all)
	}
	return f, nil
}

// page returns the hits of the page and, when there is one, the hit after it.
func (s *search) page() ([]Hit, error) {
	want, after := s.limit()+1, s.q.After
	var hits []Hit
	for _, grade := range s.costs {
		if len(hits) >= want {
			break
		}
		if after != nil && grade < after.Grade {
			continue
		}
		var from *place
		if after != nil && grade == after.Grade {
			from = &place{after.Family, after.Given, s.sets.prefix + after.ID}
		}
		more, err := s.graded(grade, want-len(hits), from)
		if err != nil {
			return nil, err
		}
		hits = append(hits, more...)
	}
	return hits, nil
}

// graded returns the first n hits of a grade after a place, in the order of names.
func (s *search) graded(grade, n int, from *place) ([]Hit, error) {
	top := newTop(n, from)
	for i, v := range s.views {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		docs := s.found[i].graded.within(grade)
		if better := s.found[i].graded.within(grade - 1); !better.IsEmpty() {
			docs = roaring.AndNot(docs, better)
		}
		if err := top.add(s, i, v, docs); err != nil {
			return nil, err
		}
	}
	best, err := top.sorted(s.views)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, 0, len(best))
	for _, c := range best {
		h, err := s.hit(c, grade)
		if err != nil {
			return nil, err
		}
		hits = append(hits, h)
	}
	return hits, nil
}
