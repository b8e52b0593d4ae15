package ldapd

import (
	"context"
	"strings"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd/dn"
)

// place is where a DN leads: a node, or a card of a shelf.
type place struct {
	node  *node
	shelf *shelf
	card  card.Card
}

// find looks up a DN. When there is no such entry the result says so, with the DN of the deepest one above it (RFC 4511, 4.5.1.1).
func (s *Server) find(ctx context.Context, name dn.Name) (place, result) {
	t := s.tree
	if len(name) == 0 {
		return place{node: t.root}, result{}
	}
	if name.Equal(t.schema.name) {
		return place{node: t.schema}, result{}
	}
	deepest := ""
	for _, n := range t.nodes {
		rest, under := name.Under(n.name)
		switch {
		case !under:
		case len(rest) == 0:
			return place{node: n}, result{}
		case len(n.shown) > len(deepest):
			deepest = n.shown
		}
	}
	for _, sh := range t.shelves {
		rest, under := name.Under(sh.under.name)
		if !under || len(rest) == 0 || !rest[len(rest)-1].Is(strings.ToLower(sh.naming.Name)) {
			continue
		}
		c, err := s.cardOf(ctx, sh, rest[len(rest)-1][0])
		switch {
		case err == nil && len(rest) == 1:
			return place{shelf: sh, card: c}, result{}
		case err == nil:
			deepest = string(sh.appendDN(nil, c))
		case annuaire.CodeOf(err) != annuaire.CodeNotFound && annuaire.CodeOf(err) != annuaire.CodeGone:
			return place{}, failed(err)
		}
	}
	r := say(noSuchObject, "aucune entrée de ce nom", "no such entry")
	r.matched = deepest
	return place{}, r
}

// cardOf reads the card that an RDN names. Addresses are kept in lower case, identifiers of structures in upper case.
func (s *Server) cardOf(ctx context.Context, sh *shelf, v dn.Value) (card.Card, error) {
	id := v.Folded
	if sh.book != annuaire.BookMailboxes {
		id = strings.ToUpper(v.Folded)
	}
	return s.dir.Card(ctx, sh.book, id)
}

// appendDN appends the DN of a card.
func (sh *shelf) appendDN(dst []byte, c card.Card) []byte {
	dst = append(append(dst, sh.naming.Name...), '=')
	return append(dn.Escape(dst, c.ID()), sh.suffix...)
}

// scope is how far from its base a search looks (RFC 4511, 4.5.1.2).
type scope int64

const (
	scopeBase        scope = 0
	scopeOne         scope = 1
	scopeSub         scope = 2
	scopeSubordinate scope = 3 // draft-sermersheim-ldap-subordinate-scope: all but the base
)

// stage is a step of a search: one entry, or all of a shelf.
type stage struct {
	at  place
	all bool // every card of at.shelf
}

// stages lists what a search visits, in an order that never changes. A base that is empty and a scope that goes further mean the first
// context: clients whose settings name no base ask so (docs/LDAP.md).
func (t *tree) stages(p place, sc scope) (out []stage) {
	n := p.node
	if n == t.root && sc != scopeBase {
		n = t.nodes[0]
	}
	if sc == scopeBase || sc == scopeSub {
		out = append(out, stage{at: place{node: n, shelf: p.shelf, card: p.card}})
	}
	if n == nil || sc == scopeBase {
		return out
	}
	for _, sh := range t.shelves {
		if sh.under == n {
			out = append(out, stage{at: place{shelf: sh}, all: true})
		}
	}
	if n != t.people {
		return out
	}
	for _, sh := range t.shelves[1:] {
		out = append(out, stage{at: place{node: sh.under}})
		if sc != scopeOne {
			out = append(out, stage{at: place{shelf: sh}, all: true})
		}
	}
	return out
}
