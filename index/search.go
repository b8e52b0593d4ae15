package index

import (
	"context"
	"time"

	"annuaire"

	"github.com/RoaringBitmap/roaring/v2"
)

// search is one question being answered: a snapshot, a plan, and the sets found so far.
type search struct {
	*reading
	e     *engine
	ctx   context.Context
	q     annuaire.Query
	plan  *plan
	comp  *compiler
	found []found // per view
	costs []int   // of the layers found, growing
	sets  *schemaSet
	end   time.Time // when the time to find more is over; zero: never

	loose  bool // candidates will do
	enough int  // results that make looking further unnecessary

	facetPlans []*facet
}

// found is the heads that match in a segment, deleted ones dropped.
type found struct {
	all    *roaring.Bitmap
	graded graded
}

// Search answers a question.
func (r Records) Search(ctx context.Context, q annuaire.Query) (Result, error) {
	s, err := r.search(ctx, q)
	if err != nil {
		return Result{}, err
	}
	defer s.release()
	s.end = mostOf(ctx)
	var res Result
	if res.Seq, err = r.e.seqOf(s.snap); err != nil {
		return Result{}, err
	}
	end, err := turns.Take(ctx)
	if err != nil {
		return Result{}, err
	}
	defer end()
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
	for _, v := range s.views {
		v.in = nil
	}
	res.Facets, err = s.facets(res.Total)
	return res, err
}

func (s *search) limit() int {
	if s.q.Limit <= 0 {
		return annuaire.DefaultLimit
	}
	return min(s.q.Limit, annuaire.MaxLimit)
}

// open takes the current state of the index, and compiles the question for it.
func (s *search) open() (err error) {
	if s.reading, err = s.e.read(s.sets.flat); err != nil {
		return err
	}
	if err = s.prepare(); err != nil {
		s.release()
	}
	return err
}

func (s *search) prepare() (err error) {
	s.comp = newCompiler(s.sets.schema, s.views, s.e.words)
	s.comp.loose = s.loose
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
	best, err := s.ordered(s.limit()+1, s.q.After)
	if err != nil {
		return nil, err
	}
	s.explain(best)
	hits := make([]Hit, 0, len(best))
	for _, c := range best {
		h, err := s.hit(c)
		if err != nil {
			return nil, err
		}
		hits = append(hits, h)
	}
	return hits, nil
}

// explain restricts criteria to the people of the page: why these match is looked for nowhere else.
func (s *search) explain(best []candidate) {
	heads := make([]*roaring.Bitmap, len(s.views))
	for _, c := range best {
		if heads[c.view] == nil {
			heads[c.view] = roaring.New()
		}
		heads[c.view].Add(c.doc)
	}
	for i, v := range s.views {
		if v.in = nil; heads[i] != nil {
			v.in = v.groups.spread(heads[i])
		}
	}
}

// ordered returns the first n results after a position: by grade, then in the order of names.
func (s *search) ordered(n int, after *annuaire.Position) (out []candidate, err error) {
	for _, grade := range s.costs {
		if len(out) >= n {
			break
		}
		if after != nil && grade < after.Grade {
			continue
		}
		var from *place
		if after != nil && grade == after.Grade {
			from = &place{after.Family, after.Given, s.sets.prefix + after.ID}
		}
		more, err := s.graded(grade, n-len(out), from)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// graded returns the first n results of a grade after a place, in the order of names.
func (s *search) graded(grade, n int, from *place) ([]candidate, error) {
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
	for i := range best {
		best[i].grade = grade
	}
	return best, err
}
