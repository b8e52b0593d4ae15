package index

import (
	"context"
	"math"
	"strings"

	"annuaire"
)

// Candidate is one answer of Browse.
type Candidate struct {
	ID   string // as Hit.ID
	Card []byte // stored form, of the book; valid during the call only
	At   annuaire.Position
}

// Some candidates are ordered at first, then more at a time: most questions want no more than the first.
const (
	firstCandidates = 128
	mostCandidates  = 4096
)

// Browse calls fn with candidates until it returns false; see annuaire.Browse.
func (r Records) Browse(ctx context.Context, q annuaire.Browse, fn func(Candidate) (bool, error)) error {
	s := &search{e: r.e, ctx: ctx, q: annuaire.Query{Where: q.Where}, sets: r.set, loose: true, enough: q.Enough}
	if q.Enough <= 0 {
		s.enough = math.MaxInt
	}
	if err := s.open(); err != nil {
		return err
	}
	defer s.release()
	var res Result
	if err := s.look(&res); err != nil {
		return err
	}
	after := q.After
	for n := firstCandidates; ; n = min(4*n, mostCandidates) {
		best, err := s.ordered(n, after)
		if err != nil {
			return err
		}
		for _, c := range best {
			out := Candidate{ID: strings.TrimPrefix(c.at.id, r.set.prefix), At: annuaire.Position{Grade: c.grade, Family: c.at.family, Given: c.at.given}}
			out.At.ID = out.ID
			if r.set.cards {
				if out.Card, err = cardOf(s.views[c.view].seg, c.doc); err != nil {
					return err
				}
			}
			if more, err := fn(out); err != nil || !more {
				return err
			}
			after = &out.At
		}
		if len(best) < n {
			return nil
		}
	}
}
