package overlay

import (
	"errors"
	"maps"
	"slices"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Plan is what a run comes to once the registry stands in front of it. Making it changes nothing; Write does, in the transaction that commits
// the run, so that a run that is rejected or not approved leaves the registry as it was.
type Plan struct {
	Entries []store.Entry                            // for the public log: those of the run that nothing covers, then what follows for registered boxes
	Prints  map[annuaire.Kind]map[string]store.Print // for directory.db

	national map[string]*Covered // what the extract has from now on of addresses that are covered; nil: nothing
	anew     bool                // and nothing of any other
	boxes    []turn              // whose holder left or came back
	hidden   []string            // addresses at which nothing is shown from now on: see store.Tx.Withdraw
}

// turn is a registered box that becomes an orphan, or is one no more.
type turn struct{ was, is annuaire.Registered }

// Sync plans a run: entries and prints are what it found against the national state. Records of covered addresses go under, and nobody reads of
// them. A registered box whose holder is no longer there becomes an orphan and is withdrawn, one whose holder is back is as before; one whose
// holder or structure shows otherwise shows so too.
func Sync(s *State, entries []store.Entry, prints map[annuaire.Kind]map[string]store.Print, now time.Time) (*Plan, error) {
	p := &Plan{Entries: entries, Prints: prints, national: map[string]*Covered{}}
	if some, err := anyBox(s.Tx); err != nil || !some {
		return p, err
	}
	if err := errors.Join(p.covered(s), p.coveredPrints(s)); err != nil {
		return nil, err
	}
	touched, err := s.announce(p.Entries)
	if err != nil {
		return nil, err
	}
	for _, address := range slices.Sorted(maps.Keys(touched)) {
		if err := p.follow(s, address, touched[address], now); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func anyBox(tx *store.Tx) (some bool, err error) {
	err = Boxes.Keys(tx, "", "", func(string) (bool, error) { some = true; return false, nil })
	return some, err
}

// covered takes the entries about covered addresses out.
func (p *Plan) covered(s *State) error {
	kept := make([]store.Entry, 0, len(p.Entries))
	for _, e := range p.Entries {
		claimed := false
		if e.Kind == annuaire.KindMailbox {
			r, known, err := Boxes.Get(s.Tx, e.ID)
			if err != nil {
				return err
			}
			claimed = known && Claims(&r)
		}
		switch {
		case !claimed:
			kept = append(kept, e)
		case e.Op == annuaire.Gone:
			p.national[e.ID] = nil
		default:
			p.national[e.ID] = &Covered{e.Record, e.Print}
		}
	}
	p.Entries = kept
	return nil
}

// coveredPrints takes the prints of covered records out.
func (p *Plan) coveredPrints(s *State) error {
	mine := p.Prints[annuaire.KindMailbox]
	if len(mine) == 0 {
		return nil
	}
	p.Prints = maps.Clone(p.Prints)
	rest := maps.Clone(mine)
	p.Prints[annuaire.KindMailbox] = rest
	for address, pr := range mine {
		c, ok, err := Under.Get(s.Tx, address)
		if err != nil {
			return err
		}
		if ok {
			c.Print = pr
			p.national[address] = &c
			delete(rest, address)
		}
	}
	return nil
}
