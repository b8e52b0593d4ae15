package overlay

import (
	"cmp"
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/store"
)

// Sites finds the structures that have an identifier, in any order. It may be behind the log, as an index is.
type Sites func(annuaire.StructureID) ([]annuaire.Structure, error)

// State is the directory inside a change: the registry as it is, and the records as the head of the log has them, whatever the views have
// caught up with. Valid during the call it is handed to.
type State struct {
	*store.Tx
	view  store.Reader
	seq   uint64
	sites Sites

	coming map[string]*store.Entry                       // about people, that are not in the log yet
	moving map[string]bool                               // structures that such entries are about, by technical id
	moved  map[annuaire.StructureID][]annuaire.Structure // what they are then
}

// NewState is the state of a transaction of annuaire.db and a read of the view, which may be behind it.
func NewState(tx *store.Tx, view store.Reader, sites Sites) *State {
	return &State{Tx: tx, view: view, seq: view.Seq(), sites: sites}
}

// Person returns a professional by IdNatPP; ok is false for someone who is not in the directory.
func (s *State) Person(id string) (p annuaire.Professional, ok bool, err error) {
	e, ok, err := s.Latest(annuaire.KindPerson, id, s.seq)
	if c := s.coming[id]; c != nil {
		e, ok = *c, true
	}
	switch {
	case err != nil:
		return p, false, err
	case !ok:
		return s.view.Person(id)
	case e.Op == annuaire.Gone:
		return p, false, nil
	}
	return p, true, store.Unpack(e.Record, &p)
}

// Site returns the structure that an operator names, nil when the directory does not know it. A number of a site (FINESS, SIRET, RPPS-rang)
// is of one structure, of several records of it the first is taken; one of a legal entity (SIREN, FINESS EJ) says which only if it has a
// single structure.
func (s *State) Site(id annuaire.StructureID) (*annuaire.Structure, error) {
	found, err := s.sites(id)
	if err != nil {
		return nil, err
	}
	found = append(slices.DeleteFunc(found, func(st annuaire.Structure) bool { return s.moving[st.ID] }), s.moved[id]...)
	var whole, part []annuaire.Structure
	for _, st := range found {
		switch {
		case siteNumber(&st, id.Type) == id.ID:
			whole = append(whole, st)
		case id.Type == "SIREN" && st.SIREN == id.ID, id.Type == "FINESS" && st.FINESSEJ == id.ID:
			part = append(part, st)
		}
	}
	switch {
	case len(whole) > 0:
		first := slices.MinFunc(whole, func(a, b annuaire.Structure) int { return cmp.Compare(a.ID, b.ID) })
		return &first, nil
	case len(part) == 1:
		return &part[0], nil
	}
	return nil, nil
}

// siteNumber is the number of a type that a structure has for itself.
func siteNumber(st *annuaire.Structure, kind string) string {
	switch kind {
	case "FINESS":
		return st.FINESS
	case "SIRET":
		return st.SIRET
	case "RPPS-rang":
		return rang(st)
	}
	return ""
}

// identifiers are those that an operator may name a structure by.
func identifiers(st *annuaire.Structure) (out []annuaire.StructureID) {
	for _, id := range []annuaire.StructureID{{Type: "FINESS", ID: st.FINESS}, {Type: "FINESS", ID: st.FINESSEJ}, {Type: "SIRET", ID: st.SIRET},
		{Type: "SIREN", ID: st.SIREN}, {Type: "RPPS-rang", ID: rang(st)}} {
		if id.ID != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// rang is the RPPS-rang of a practice (cabinet): its technical identifier is R and that number, its former one 4 and that number (TRE_G07).
func rang(st *annuaire.Structure) string {
	if number, ok := strings.CutPrefix(st.ID, "R"); ok {
		return number
	}
	if number, ok := strings.CutPrefix(st.FormerID, "4"); ok {
		return number
	}
	return ""
}

// shown returns what is published at an address, nil for nothing.
func (s *State) shown(address string) (*Covered, error) {
	e, ok, err := s.Latest(annuaire.KindMailbox, address, s.seq)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		packed, p, ok := s.view.Packed(annuaire.KindMailbox, address)
		if !ok {
			return nil, nil
		}
		return &Covered{packed, p}, nil
	case e.Op == annuaire.Gone:
		return nil, nil
	}
	return &Covered{e.Record, e.Print}, nil
}

// National returns the record that the extract has of an address, covered or not; ok is false where it has none.
func (s *State) National(address string) (m annuaire.Mailbox, ok bool, err error) {
	c, err := s.national(address)
	if err != nil || c == nil {
		return m, false, err
	}
	return m, true, store.Unpack(c.Record, &m)
}

func (s *State) national(address string) (*Covered, error) {
	r, known, err := Boxes.Get(s.Tx, address)
	if err != nil {
		return nil, err
	}
	if !known || !Claims(&r) {
		return s.shown(address)
	}
	c, ok, err := Under.Get(s.Tx, address)
	if err != nil || !ok {
		return nil, err
	}
	return &c, nil
}

// NationalOf returns the boxes that the extract gives somebody and that the public sees, as the view has them; those that are covered are
// known by what covers them.
func (s *State) NationalOf(holder string) (out []annuaire.Mailbox, err error) {
	all, err := s.view.MailboxesOf(holder)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if !m.Registered {
			out = append(out, m)
		}
	}
	return out, nil
}
