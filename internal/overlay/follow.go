package overlay

import (
	"time"

	"annuaire"
	"annuaire/internal/store"
)

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
			var some bool
			if some, err = after(s.Tx, Held, e.ID, e, touched); some {
				s.coming[e.ID] = e
			}
		case annuaire.KindStructure:
			err = s.move(e, touched)
		}
		if err != nil {
			return nil, err
		}
	}
	return touched, nil
}

// after notes the boxes listed under a key, and tells whether there are any.
func after(tx *store.Tx, t store.Table[struct{}], key string, e *store.Entry, touched map[string]store.Entry) (some bool, err error) {
	err = t.Keys(tx, key+"\x00", "", func(k string) (bool, error) {
		some = true
		touched[k[len(key)+1:]] = *e
		return true, nil
	})
	return some, err
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
		if _, err := after(s.Tx, At, SiteKey(id), e, touched); err != nil {
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
	before, err := s.shown(address)
	if err != nil {
		return err
	}
	next, err := p.become(s, r, now)
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

// become notes whether a box becomes an orphan, or is one no more, and returns what is published of it then.
func (p *Plan) become(s *State, r annuaire.Registered, now time.Time) (*Covered, error) {
	is, changed, err := s.present(r, now)
	if err != nil {
		return nil, err
	}
	if changed {
		p.boxes = append(p.boxes, turn{r, is})
	}
	return s.published(&is, nil)
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
