package index

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// enough is how many results make a question that needs no guesses: typing errors are looked for where spelling and sound find
// fewer. Whoever pages further than that has not mistyped.
const enough = 100

// mostOf is when three quarters of the time that ctx leaves are over: a search that finds no more then still has to order and
// describe what it found.
func mostOf(ctx context.Context) time.Time {
	end, ok := ctx.Deadline()
	if !ok {
		return time.Time{}
	}
	return end.Add(-time.Until(end) / 4)
}

func (s *search) over() bool { return !s.end.IsZero() && time.Now().After(s.end) }

// left is how long the question may still wait for something.
func (s *search) left() time.Duration {
	if s.end.IsZero() {
		return time.Minute
	}
	return time.Until(s.end)
}

// look finds who matches; where they are few, those too who match but for typing errors.
func (s *search) look(res *Result) error {
	if err := s.findAll(res); err != nil {
		return err
	}
	if res.Total >= s.enough || res.AtLeast || !s.comp.late && !slices.ContainsFunc(s.comp.criteria, (*criterion).late) {
		return nil
	}
	if !s.loose { // candidates are never guesses
		if ok, err := s.comp.words.ensure(s.ctx, s.e, s.views, s.left()); err != nil || !ok {
			res.AtLeast = err == nil
			return err
		}
	}
	for _, v := range s.views {
		v.late = true
		for _, c := range s.comp.criteria {
			if c.late() {
				v.memo[c.id] = memo{}
			}
		}
	}
	return s.findAll(res)
}

// findAll looks in the segments, as long as there is time: on all processors that are free, since one question alone should not wait for one.
func (s *search) findAll(res *Result) error {
	all := make([]found, len(s.views))
	if err := s.findEach(all); err != nil {
		return err
	}
	views := s.views
	s.found, s.costs, s.views, res.Total = all[:0], s.costs[:0], views[:0], 0
	for i, f := range all {
		if f.all == nil {
			res.AtLeast = true
			continue
		}
		s.found, s.views = append(s.found, f), append(s.views, views[i])
		res.Total += int(f.all.GetCardinality())
		for _, l := range f.graded {
			s.costs = append(s.costs, l.cost)
		}
	}
	slices.Sort(s.costs)
	s.costs = slices.Compact(s.costs)
	return nil
}

// findEach fills in what each segment holds; what there was no time for stays empty.
func (s *search) findEach(all []found) error {
	var next atomic.Int64
	work := func(ctx context.Context) error {
		for i := int(next.Add(1)) - 1; i < len(all); i = int(next.Add(1)) - 1 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if i > 0 && s.over() {
				return nil
			}
			var err error
			if all[i], err = s.find(s.views[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if s.loose { // short, and many at a time
		return work(s.ctx)
	}
	more, end := moreTurns(min(cap(turns), len(all)) - 1)
	defer end()
	g, ctx := errgroup.WithContext(s.ctx)
	for range 1 + more {
		g.Go(func() error { return work(ctx) })
	}
	return g.Wait()
}
