package directory

import (
	"errors"

	"annuaire/internal/store"
)

// pin keeps the records as they are readable while the views catch up: until an index has caught up too, its answers are joined with the
// records that it knows, and nobody sees half a run.
func (g *Generation) pin(l *store.Ledger) (unpin func() error, err error) {
	unpin = func() error { return nil }
	head, _, err := l.Head()
	if err != nil {
		return unpin, err
	}
	if seq, err := g.Store.Seq(); err != nil || seq == head {
		return unpin, err
	}
	p, err := g.Store.Pin()
	if err != nil || p == nil {
		return unpin, err
	}
	g.pinned.Store(p)
	return func() error {
		g.pinned.Store(nil)
		return p.Close()
	}, nil
}

// errElsewhere says that the records are at another sequence than the one asked for.
var errElsewhere = errors.New("another sequence")

// at calls fn with the records as they were after a sequence, ok false when they are no longer, or not yet, to be had.
func (g *Generation) at(seq uint64, fn func(store.Reader) error) (ok bool, err error) {
	err = g.Store.Read(func(r store.Reader) error {
		if r.Seq() != seq {
			return errElsewhere
		}
		return fn(r)
	})
	if !errors.Is(err, errElsewhere) {
		return true, err
	}
	if p := g.pinned.Load(); p != nil && p.Seq == seq {
		return p.Read(fn)
	}
	return false, nil
}
