package ldapd

import (
	"annuaire/internal/card"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/schema"
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
		if x.node == nil || x.node.values(t) == nil {
			if values := x.Computed(t); len(values) > 0 {
				s.values(e, t.Name, values)
			}
		}
	}
	e.End(list)
	v.end(e)
}

// values returns those of an attribute of a node's own, nil for none.
func (n *node) values(t *schema.AttributeType) [][]byte {
	for _, a := range n.attrs {
		if a.t == t {
			return a.values
		}
	}
	return nil
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
