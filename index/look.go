package index

import (
	"context"
	"math"
	"slices"
	"time"
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

// caps are the costs up to which candidates are looked for, one after the other, until there are enough: where a surname that begins so is
// enough, nobody looks into structures.
var caps = []int{0, costPart - 1}

// lookCheaply finds the best candidates; ok is false when they are too few.
func (s *search) lookCheaply(res *Result) (ok bool, err error) {
	for _, limit := range caps {
		for _, v := range s.views {
			v.limit = limit
			s.forget(v, func(c *criterion) bool { return c.dearest() > 0 })
		}
		if err := s.findAll(res); err != nil {
			return false, err
		}
		n := uint64(0)
		for _, f := range s.found { // what costs more in all may have others beside it that were not looked for
			n += f.graded.within(limit).GetCardinality()
		}
		if n >= uint64(s.enough) || !slices.ContainsFunc(s.comp.criteria, func(c *criterion) bool { return c.dearest() > limit }) {
			return true, nil
		}
	}
	for _, v := range s.views {
		v.limit = unlimited
		s.forget(v, func(c *criterion) bool { return c.dearest() > 0 })
	}
	return false, nil
}

// forget drops what criteria were found to match.
func (s *search) forget(v *view, which func(*criterion) bool) {
	for _, c := range s.comp.criteria {
		if which(c) {
			v.memo[c.id] = memo{}
		}
	}
}

// look finds who matches; where they are few, those too who match but for typing errors.
func (s *search) look(res *Result) error {
	if s.loose && s.enough < math.MaxInt {
		if ok, err := s.lookCheaply(res); ok || err != nil {
			return err
		}
	}
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
		s.forget(v, (*criterion).late)
	}
	return s.findAll(res)
}

// findAll looks in the segments, as long as there is time: on all processors that are free, since one question alone should not wait for one.
func (s *search) findAll(res *Result) error {
	all, alone := make([]found, len(s.views)), worthHelp
	if s.loose { // short, and many at a time
		alone = math.MaxInt64
	}
	err := eachOf(s.ctx, len(all), alone, func(i int) (err error) {
		if i == 0 || !s.over() { // what there is no time for stays empty
			all[i], err = s.find(s.views[i])
		}
		return err
	})
	if err != nil {
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
