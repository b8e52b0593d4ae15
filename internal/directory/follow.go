package directory

import (
	"context"
	"fmt"
	"sync"

	"annuaire"
)

// follower brings the views up to the log behind whoever writes to it, one at a time: what is written meanwhile goes with the next turn, so
// that many small changes cost as few turns as one large one.
type follower struct {
	mu     sync.Mutex
	wanted bool
	runs   bool
	ended  bool
	turn   chan struct{} // closed when the turn under way ends
	err    error         // of the last turn
	idle   sync.WaitGroup
}

// follow has the views catch up soon. It waits for nothing.
func (d *Directory) follow() {
	f := &d.behind
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wanted = true
	if f.runs || f.ended {
		return
	}
	f.runs, f.turn = true, make(chan struct{})
	f.idle.Go(func() {
		for f.next() {
			err := d.catchUp()
			f.mu.Lock()
			f.err = err
			close(f.turn)
			f.turn = make(chan struct{})
			f.mu.Unlock()
		}
	})
}

// next begins a turn, if one is wanted.
func (f *follower) next() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.runs = f.wanted && !f.ended
	f.wanted = false
	return f.runs
}

// busy reports whether somebody is bringing the views up to the log.
func (f *follower) busy() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.runs
}

// end lets the turn under way end, and no other begin.
func (f *follower) end() {
	f.mu.Lock()
	f.ended = true
	f.mu.Unlock()
	f.idle.Wait()
}

func (d *Directory) catchUp() error {
	return d.Use(func(g *Generation) error {
		if g == nil {
			return nil
		}
		return g.CatchUp(d.Ledger, nil)
	})
}

// Visible waits until every view shows what the log has up to a sequence. An error says that the views cannot follow: what was committed
// stays so, and is shown after the next start, or that ctx has ended.
func (d *Directory) Visible(ctx context.Context, seq uint64) error {
	f := &d.behind
	for {
		f.mu.Lock()
		turn, runs, failed, ended := f.turn, f.runs, f.err, f.ended
		f.mu.Unlock()
		shown, err := d.shown()
		if err != nil || shown >= seq {
			return err
		}
		if !runs {
			if failed != nil || ended {
				return annuaire.Errorf(annuaire.CodeUnavailable, "directory", "enregistré ; l'annuaire ne le montre pas encore", "recorded; the directory does not show it yet", failed)
			}
			d.follow()
			continue
		}
		select {
		case <-turn:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// shown is the sequence that every view has reached: the address book is the last to catch up.
func (d *Directory) shown() (seq uint64, err error) {
	g, release, err := d.hold()
	if err != nil {
		return 0, err
	}
	defer release()
	if seq, err = g.Book.Seq(); err != nil {
		err = fmt.Errorf("address book: %w", err)
	}
	return seq, err
}
