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

// announce has the state be as entries will leave it, and returns the addresses of registered boxes that depend on them, each with the entry
// it follows.
func (s *State) announce(entries []store.Entry) (map[string]store.Entry, error) {
	touched := map[string]store.Entry{}
	s.coming, s.moving, s.moved = map[string]*store.Entry{}, map[string]bool{}, map[annuaire.StructureID][]annuaire.Structure{}
	for i := range entries {
		e := &entries[i]
		var err error
		switch e.Kind {
		case annuaire.KindPerson:
			err = after(s.Tx, Held, e.ID, e, touched, func() { s.coming[e.ID] = e })
		case annuaire.KindStructure:
			err = s.move(e, touched)
		}
		if err != nil {
			return nil, err
		}
	}
	return touched, nil
}

// after notes the boxes listed under a key, and calls found if there are any.
func after(tx *store.Tx, t store.Table[struct{}], key string, e *store.Entry, touched map[string]store.Entry, found func()) error {
	some := false
	err := t.Keys(tx, key+"\x00", "", func(k string) (bool, error) {
		some = true
		touched[k[len(key)+1:]] = *e
		return true, nil
	})
	if some {
		found()
	}
	return err
}

// move notes what becomes of a structure, and the boxes that name it by an identifier that it has or had.
func (s *State) move(e *store.Entry, touched map[string]store.Entry) error {
	var ids []annuaire.StructureID
	was, ok, err := s.view.Structure(e.ID)
	if err != nil {
		return err
	}
	if ok {
		ids = identifiers(&was)
	}
	s.moving[e.ID] = true
	if e.Op != annuaire.Gone {
		var is annuaire.Structure
		if err := store.Unpack(e.Record, &is); err != nil {
			return err
		}
		for _, id := range identifiers(&is) {
			ids = append(ids, id)
			s.moved[id] = append(s.moved[id], is)
		}
	}
	for _, id := range ids {
		if err := after(s.Tx, At, SiteKey(id), e, touched, func() {}); err != nil {
			return err
		}
	}
	return nil
}

// follow plans what becomes of one registered box.
func (p *Plan) follow(s *State, address string, cause store.Entry, now time.Time) error {
	r, known, err := Boxes.Get(s.Tx, address)
	if err != nil || !known || r.Operator == "" {
		return err
	}
	is, changed, err := s.present(r, now)
	if err != nil {
		return err
	}
	if changed {
		p.boxes = append(p.boxes, turn{r, is})
	}
	before, err := s.shown(address)
	if err != nil {
		return err
	}
	next, err := s.published(&is, nil)
	if err != nil {
		return err
	}
	e, differs, err := entryOf(address, before, next, cause.Time)
	if differs {
		e.Run = cause.Run
		p.Entries = append(p.Entries, e)
	}
	if differs && e.Op == annuaire.Gone {
		p.hidden = append(p.hidden, address)
	}
	return err
}

// present returns a box as it is with its holder there, or not.
func (s *State) present(r annuaire.Registered, now time.Time) (is annuaire.Registered, changed bool, err error) {
	if r.Holder == "" || r.Social {
		return r, false, nil
	}
	_, there, err := s.Person(r.Holder)
	if err != nil || there == r.Orphaned.IsZero() {
		return r, false, err
	}
	is = r
	is.Orphaned = time.Time{}
	if !there {
		is.Orphaned = now
	}
	is.Changed, is.Version = now, r.Version+1
	return is, true, nil
}

// Write makes the registry follow the run.
func (p *Plan) Write(tx *store.Tx) error {
	if p.anew {
		if err := Under.Clear(tx); err != nil {
			return err
		}
	}
	for address, c := range p.national {
		var err error
		if c == nil {
			err = Under.Delete(tx, address)
		} else {
			err = Under.Put(tx, address, *c)
		}
		if err != nil {
			return err
		}
	}
	for _, address := range p.hidden {
		if err := tx.Withdraw(annuaire.KindMailbox, address); err != nil {
			return err
		}
	}
	for _, t := range p.boxes {
		what := "return"
		if !t.is.Orphaned.IsZero() {
			what = "orphan"
		}
		err := errors.Join(Boxes.Put(tx, t.is.Address, t.is), Note(tx, t.is.Address, annuaire.BoxEvent{Time: t.is.Changed, What: what, By: "sync"}),
			tx.Audit(annuaire.AuditEvent{Who: "sync", From: "local", What: "mailbox." + what, Target: t.is.Address, Before: t.was, After: t.is}))
		if err != nil {
			return err
		}
	}
	return nil
}

// Counts is what readers see of a run, by kind of change of mailboxes.
func (p *Plan) Counts() (c annuaire.Counts) {
	for _, e := range p.Entries {
		switch {
		case e.Kind != annuaire.KindMailbox:
		case e.Op == annuaire.Created:
			c.Created++
		case e.Op == annuaire.Changed:
			c.Changed++
		default:
			c.Gone++
		}
	}
	return c
}
