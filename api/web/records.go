package web

import (
	"cmp"
	"slices"
	"time"

	"annuaire"
)

// Person is the page of somebody.
type Person struct {
	annuaire.Item[annuaire.Professional]
	Shared []annuaire.Mailbox // for whoever has no box of their own: those of the structures where they practise
}

// Personal reports whether the person has a published box of their own.
func (p Person) Personal() bool {
	return slices.ContainsFunc(p.Mailboxes, func(m annuaire.Mailbox) bool { return m.Kind == annuaire.KindPER })
}

// Situations are the activities of the person with their practices, then the practices without activity.
func (p Person) Situations() []annuaire.Situation { return p.Value.Situations() }

// Authorities are those that registered the activities, each once, in their order.
func (p Person) Authorities() (out []words) {
	for _, a := range p.Value.Activities {
		if who := authority(a.Authority); who.French != "" && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out
}

// Person makes the page of somebody.
func (s *Site) Person(v View, p Person) ([]byte, error) {
	return s.render(v, "person", fullName(p.Value), p)
}

// Gone is the page of somebody who is no longer in the directory. It holds nothing of what the directory knew.
type Gone struct {
	ID    string
	Since time.Time // of the extract in which they were missing; zero when it is not known
}

// Gone makes the page of somebody who has left.
func (s *Site) Gone(v View, g Gone) ([]byte, error) {
	return s.render(v, "gone", v.T("A quitté l'annuaire", "Has left the directory"), g)
}

// Structure is the page of a structure.
type Structure struct {
	Value  annuaire.Structure
	Boxes  []annuaire.Mailbox
	More   bool // there are boxes that are not listed
	People []annuaire.Item[annuaire.Professional]
	Total  int
	Facets []Facet // profession, specialty
	All    string  // address of everybody there
}

// Groups are the people shown, by the profession and the savoir-faire that they exercise.
func (st Structure) Groups() []Group { return groups(st.People) }

// Structure makes the page of a structure.
func (s *Site) Structure(v View, st Structure) ([]byte, error) {
	return s.render(v, "structure", structureName(st.Value), st)
}

// structureName is what to call a structure; one without a name by its identifier.
func structureName(s annuaire.Structure) string {
	return cmp.Or(s.Name, s.TradeName, s.ID)
}

// RPPS is the RPPS number, "" for a person known by another.
func (p Person) RPPS() string { return annuaire.RPPSOf(p.Value.ID) }
