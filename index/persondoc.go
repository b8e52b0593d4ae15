package index

import (
	"strings"

	"annuaire"
	"annuaire/internal/names"
)

// PersonDoc is what the people index knows of a person.
type PersonDoc struct {
	Person    *annuaire.Professional
	Mailboxes []annuaire.Mailbox // published ones only: what is indexed can be found by anyone
}

// person returns the head of a person, with the continuations nested in it.
func (e *encoder) person(p PersonDoc) *document {
	who := p.Person
	situations := who.Situations()
	if len(situations) == 0 { // not even a practice: still somebody
		situations = []annuaire.Situation{{Practice: &annuaire.Practice{}}}
	}
	head := e.document(who.ID)
	head.fields = append(head.fields, e.id(who.ID), e.text(fieldFamily, who.Family), e.text(fieldGiven, who.Given))
	if len(p.Mailboxes) > 0 {
		for _, b := range p.Mailboxes {
			e.terms.code(kindMailbox, strings.ToLower(b.Address))
		}
		e.terms.raw(kindHasMailbox, "", "")
		head.fields = append(head.fields, e.written(fieldBoxes))
	}
	head.fields = e.situation(head.fields, situations[0])
	for _, s := range situations[1:] {
		d := e.document(continuation)
		d.fields = e.situation(append(d.fields, e.more), s)
		head.nested = append(head.nested, d)
	}
	return e.seal(head, stored{family: names.Fold(who.Family), given: names.Fold(who.Given)})
}

func (e *encoder) situation(fields []*field, s annuaire.Situation) []*field {
	fields = append(fields, e.practice(s.Practice))
	a := s.Activity
	if a == nil {
		a = &annuaire.Activity{}
	}
	fields = append(fields, e.activity(a.Mode.Code, a.Sector.Code, a.Role.Code, a.Section.Code))
	return e.structure(e.place(fields, a.Address), a.Structure, a.Phones)
}
