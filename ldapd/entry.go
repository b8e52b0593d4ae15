package ldapd

import (
	"annuaire/internal/card"
	"annuaire/ldapd/ber"
)

// append appends the SearchResultEntry of a subject.
func (s *selection) append(e *ber.Encoder, id int32, x *subject) {
	v := begin(e, id, tagSearchEntry)
	name := e.Begin(ber.OctetString)
	e.Buf = x.appendDN(e.Buf)
	e.End(name)
	list := e.Begin(ber.Sequence)
	if x.node != nil {
		for _, a := range x.node.attrs {
			if s.has(a.t) {
				s.values(e, a.t.Name, a.values)
			}
		}
	} else {
		if s.has(typeObjectClass) {
			s.values(e, typeObjectClass.Name, x.shelf.classes)
		}
		s.card(e, x.card)
	}
	for _, t := range s.computed {
		if x.node == nil || !x.node.holds(t.Name) {
			if values := x.Computed(t); len(values) > 0 {
				s.values(e, t.Name, values)
			}
		}
	}
	e.End(list)
	v.end(e)
}

// holds reports whether a node has an attribute of its own.
func (n *node) holds(name string) bool {
	for _, a := range n.attrs {
		if a.t.Name == name {
			return true
		}
	}
	return false
}

func (s *selection) card(e *ber.Encoder, c card.Card) {
	for a, values := range c.All() {
		if int(a) >= len(s.cards) || !s.cards[a] {
			continue
		}
		one := e.Begin(ber.Sequence)
		e.String(ber.OctetString, cardTypes[a].Name)
		set := e.Begin(ber.Set)
		if !s.typesOnly {
			for v := range values {
				e.Bytes(ber.OctetString, v)
			}
		}
		e.End(set)
		e.End(one)
	}
}

func (s *selection) values(e *ber.Encoder, name string, values [][]byte) {
	one := e.Begin(ber.Sequence)
	e.String(ber.OctetString, name)
	set := e.Begin(ber.Set)
	if !s.typesOnly {
		for _, v := range values {
			e.Bytes(ber.OctetString, v)
		}
	}
	e.End(set)
	e.End(one)
}
