package index

import (
	"context"
	"math"
	"strings"

	"annuaire"

	"github.com/RoaringBitmap/roaring/v2"
)

// Candidate is one answer of Browse.
type Candidate struct {
	ID   string // as Hit.ID
	Card []byte // stored form, of the book; valid during the call only
	At   annuaire.Position
}

// Browse calls fn with candidates until it returns false; see annuaire.Browse. Errors: that of ctx when it ends first.
func (b *Book) Browse(ctx context.Context, q annuaire.Browse, fn func(Candidate) (bool, error)) error {
	return b.e.browse(ctx, q, book, fn)
}

// Browse is Book.Browse for people; candidates have no card.
func (p *People) Browse(ctx context.Context, q annuaire.Browse, fn func(Candidate) (bool, error)) error {
	return p.e.browse(ctx, q, people, fn)
}

// BrowseStructures is Book.Browse for structures; candidates have no card.
func (p *Places) BrowseStructures(ctx context.Context, q annuaire.Browse, fn func(Candidate) (bool, error)) error {
	return p.e.browse(ctx, q, structures, fn)
}

// Card calls fn with the stored card of an address in lower case, valid during the call; ok is false when there is none.
func (b *Book) Card(address string, fn func(card []byte) error) (ok bool, err error) {
	err = b.e.eachView("", func(v *view, heads *roaring.Bitmap) error {
		docs, err := v.postings(fieldID, address)
		if err != nil || ok || address == continuation {
			return err
		}
		if docs = v.live(docs); docs.IsEmpty() {
			return nil
		}
		c, err := v.card(docs.Minimum())
		if err == nil {
			ok, err = true, fn(c)
		}
		return err
	})
	return ok, err
}

// Some candidates are ordered at first, then more at a time: most questions want no more than the first.
const (
	firstCandidates = 128
	mostCandidates  = 4096
)

func (e *engine) browse(ctx context.Context, q annuaire.Browse, set *schemaSet, fn func(Candidate) (bool, error)) error {
	snap, release, err := e.snapshot()
	if err != nil {
		return err
	}
	defer release()
	s := &search{e: e, ctx: ctx, q: annuaire.Query{Where: q.Where}, sets: set, loose: true, enough: q.Enough}
	if q.Enough <= 0 {
		s.enough = math.MaxInt
	}
	if s.views, err = e.segments.views(snap); err != nil {
		return err
	}
	if err := s.prepare(); err != nil {
		return err
	}
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
			out := Candidate{ID: strings.TrimPrefix(c.at.id, set.prefix), At: annuaire.Position{Grade: c.grade, Family: c.at.family, Given: c.at.given}}
			out.At.ID = out.ID
			if set.cards {
				if out.Card, err = s.views[c.view].card(c.doc); err != nil {
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
