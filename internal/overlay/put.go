package overlay

import (
	"errors"
	"slices"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Put makes r, nil for nothing, the entry of the registry at an address, and adds to the public log what the public sees of that, if anything.
// Who changes a box sets Changed and Version before.
func (s *State) Put(address string, r *annuaire.Registered, now time.Time) error {
	was, known, err := Boxes.Get(s.Tx, address)
	if err != nil {
		return err
	}
	old := &was
	if !known {
		old = nil
	}
	before, err := s.shown(address)
	if err != nil {
		return err
	}
	national := before
	if Claims(old) {
		if national, err = s.national(address); err != nil {
			return err
		}
	}
	after, err := s.published(r, national)
	if err != nil {
		return err
	}
	if err := errors.Join(s.cover(address, old, r, national), Keep(s.Tx, address, old, r)); err != nil {
		return err
	}
	e, changed, err := entryOf(address, before, after, now)
	if err != nil || !changed {
		return err
	}
	if e.Op == annuaire.Gone { // whoever withdraws a box takes it out of what the feed told before, too; for whatever reason, so that none shows
		if err := s.Withdraw(annuaire.KindMailbox, address); err != nil {
			return err
		}
	}
	_, err = s.Append([]store.Entry{e})
	return err
}

// published is what the public sees at the address of an entry of the registry, over the national record there.
func (s *State) published(r *annuaire.Registered, national *Covered) (*Covered, error) {
	switch {
	case !Claims(r):
		return national, nil
	case !r.Published():
		return nil, nil
	}
	m, err := s.Published(r)
	if err != nil {
		return nil, err
	}
	c := pack(&m, r.Changed)
	return &c, nil
}

// Published is the record of a registered box, joined with what the directory knows of its holder and its structure.
func (s *State) Published(r *annuaire.Registered) (annuaire.Mailbox, error) {
	var holder *annuaire.Professional
	var site *annuaire.Structure
	if r.Holder != "" {
		p, ok, err := s.Person(r.Holder)
		if err != nil {
			return annuaire.Mailbox{}, err
		}
		if ok {
			holder = &p
		}
	}
	if r.Structure != nil {
		var err error
		if site, err = s.Site(*r.Structure); err != nil {
			return annuaire.Mailbox{}, err
		}
	}
	return Record(r, holder, site), nil
}

// cover keeps the national record of an address that is covered from now on, and forgets that of one that is no more.
func (s *State) cover(address string, old, r *annuaire.Registered, national *Covered) error {
	switch had, has := Claims(old), Claims(r); {
	case had && !has:
		return Under.Delete(s.Tx, address)
	case !had && has && national != nil:
		return Under.Put(s.Tx, address, *national)
	}
	return nil
}

// Keep makes r the entry of an address in place of old, nil for none, and keeps the lists it is found by. It tells the public nothing: that is
// for Put, or for the load of a directory that has nothing to read yet.
func Keep(tx *store.Tx, address string, old, r *annuaire.Registered) error {
	var errs []error
	was, is := lists(old), lists(r)
	for k, t := range was {
		if _, stays := is[k]; !stays {
			errs = append(errs, t.Delete(tx, k))
		}
	}
	for k, t := range is {
		if _, there := was[k]; !there {
			errs = append(errs, t.Put(tx, k, struct{}{}))
		}
	}
	if r == nil {
		return errors.Join(append(errs, Boxes.Delete(tx, address))...)
	}
	return errors.Join(append(errs, Boxes.Put(tx, address, *r))...)
}

func lists(r *annuaire.Registered) map[string]store.Table[struct{}] {
	out := map[string]store.Table[struct{}]{}
	if r != nil && r.Holder != "" {
		out[pair(r.Holder, r.Address)] = Held
	}
	if r != nil && r.Structure != nil {
		out[pair(SiteKey(*r.Structure), r.Address)] = At
	}
	if r != nil && r.RedListed() {
		out[r.Address] = Red
	}
	return out
}

// entryOf is the event of an address that showed one thing and now shows another; ok is false when nobody sees a difference. A tombstone
// says that something is gone, and nothing of why.
func entryOf(address string, before, after *Covered, now time.Time) (e store.Entry, ok bool, err error) {
	was, err1 := ownersOf(before)
	is, err2 := ownersOf(after)
	if err := errors.Join(err1, err2); err != nil {
		return e, false, err
	}
	e = store.Entry{Time: now.UTC().Truncate(time.Second), Kind: annuaire.KindMailbox, ID: address, People: slices.Compact(slices.Sorted(slices.Values(slices.Concat(was, is))))}
	switch {
	case before == nil && after == nil, before != nil && after != nil && before.Print == after.Print:
		return e, false, nil
	case after == nil:
		e.Op = annuaire.Gone
		return e, true, nil
	case before == nil:
		e.Op = annuaire.Created
	default:
		e.Op = annuaire.Changed
	}
	e.Record, e.Print = after.Record, after.Print
	return e, true, nil
}
