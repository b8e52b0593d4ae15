package overlay

import (
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Load plans the publication of a generation that was built from extracts alone, which s is a read of: under is what they have of covered
// addresses. emit gets what the generation has to show of registered boxes, as entries that are in no log: the one of the load stands for them.
func Load(s *State, entries []store.Entry, under map[string]Covered, now time.Time, emit func(store.Entry) error) (*Plan, error) {
	p := &Plan{Entries: entries, anew: true, national: map[string]*Covered{}}
	for address, c := range under {
		p.national[address] = &c
	}
	return p, Boxes.Each(s.Tx, "", "", func(address string, r annuaire.Registered) (bool, error) {
		if r.Operator == "" {
			if r.RedListed() {
				p.hidden = append(p.hidden, address)
			}
			return true, nil
		}
		shown, err := p.become(s, r, now)
		if err != nil {
			return false, err
		}
		if shown == nil {
			p.hidden = append(p.hidden, address)
		}
		e, there, err := entryOf(address, nil, shown, now)
		if err != nil || !there {
			return err == nil, err
		}
		return true, emit(e)
	})
}

// Shown returns what the public sees at an address, as an entry that brings a view there.
func (s *State) Shown(address string) (store.Entry, error) {
	c, err := s.shown(address)
	if err != nil {
		return store.Entry{}, err
	}
	if c == nil {
		return store.Entry{Kind: annuaire.KindMailbox, Op: annuaire.Gone, ID: address}, nil
	}
	owners, err := ownersOf(c)
	return store.Entry{Kind: annuaire.KindMailbox, Op: annuaire.Changed, ID: address, Record: c.Record, Print: c.Print, People: owners}, err
}
