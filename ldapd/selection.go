package ldapd

import (
	"annuaire/internal/card"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/filter"
	"annuaire/ldapd/schema"
)

// selection is which attributes a client asked for (RFC 4511, 4.5.1.8).
type selection struct {
	user, operational bool
	named             map[*schema.AttributeType]bool
	cards             [card.LastAttr + 1]bool // the answer for attributes of cards
	computed          []*schema.AttributeType // operational ones that are wanted
	typesOnly         bool
}

// cardTypes are the attribute types of cards, by attribute.
var cardTypes = func() (out [card.LastAttr + 1]*schema.AttributeType) {
	for a := card.Attr(1); a <= card.LastAttr; a++ {
		out[a] = schema.Of(a)
	}
	return out
}()

// parseSelection reads an AttributeSelection. Names that are not known, or with options that nothing holds, are ignored; no name at all is
// every user attribute, as is "*"; "+" is every operational one (RFC 3673), "@class" those of a class (RFC 4529), "1.1" none.
func parseSelection(c *ber.Cursor, limit int) (s selection, r result) {
	unreadable := say(protocolError, "liste d'attributs illisible", "unreadable list of attributes")
	list, err := c.Enter(ber.Sequence)
	if err != nil {
		return s, unreadable
	}
	s.named = map[*schema.AttributeType]bool{}
	s.user = list.Done()
	for n := 0; !list.Done(); n++ {
		if n == limit {
			return s, say(adminLimitExceeded, "trop d'attributs demandés", "too many attributes asked for")
		}
		name, err := list.Take(ber.OctetString)
		if err != nil {
			return s, unreadable
		}
		s.add(name)
	}
	for a, t := range cardTypes {
		s.cards[a] = t != nil && s.has(t)
	}
	for _, t := range computed {
		if t != nil && s.has(t) {
			s.computed = append(s.computed, t)
		}
	}
	return s, result{}
}

func (s *selection) add(name []byte) {
	switch {
	case len(name) == 0:
	case string(name) == "*":
		s.user = true
	case string(name) == "+":
		s.operational = true
	case name[0] == '@':
		if c := schema.LookupClass(name[1:]); c != nil {
			s.name(c.Allowed())
		}
	default:
		t, held, known := filter.Description(name)
		if !known || !held {
			return
		}
		s.name(t.Subtypes) // RFC 4512, 2.5.1; t is one of them
	}
}

func (s *selection) name(types []*schema.AttributeType) {
	for _, t := range types {
		s.named[t] = true
	}
}

func (s *selection) has(t *schema.AttributeType) bool {
	if t.Operational {
		return s.operational || s.named[t]
	}
	return s.user || s.named[t]
}
