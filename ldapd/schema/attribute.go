package schema

import (
	"strings"

	"annuaire/internal/card"
)

// AttributeType is an attribute type (RFC 4512, 2.5.1), what it does not say itself taken from its supertype.
type AttributeType struct {
	Name        string   // the short one, as entries show it
	Names       []string // Name first
	OID         string
	Attr        card.Attr // that holds its values in a card; 0: operational, computed, or never populated
	Sup         *AttributeType
	Subtypes    []*AttributeType // itself, then every type below it
	Equality    *Rule            // nil: its values cannot be compared so
	Ordering    *Rule
	Substr      *Rule
	Syntax      *Syntax
	Operational bool

	text string
}

// String is the definition as the subschema tells it (RFC 4512, 4.1.2).
func (t *AttributeType) String() string { return t.text }

// Computed reports whether entries have values of it that no card holds.
func (t *AttributeType) Computed() bool { return t.Operational || t.Name == "objectClass" }

func (t *tables) addType(text string) {
	d := parse(text)
	a := &AttributeType{Name: d.one("NAME"), Names: d["NAME"], OID: d.one(""), Operational: d.has("USAGE"), text: text}
	if sup := d.one("SUP"); sup != "" {
		a.Sup = t.types[strings.ToLower(sup)]
		a.Equality, a.Ordering, a.Substr, a.Syntax = a.Sup.Equality, a.Sup.Ordering, a.Sup.Substr, a.Sup.Syntax
	}
	for keyword, rule := range map[string]**Rule{"EQUALITY": &a.Equality, "ORDERING": &a.Ordering, "SUBSTR": &a.Substr} {
		if name := d.one(keyword); name != "" {
			*rule = t.rules[strings.ToLower(name)]
			if *rule == nil {
				panic("schema: no rule " + name)
			}
		}
	}
	if s := d.one("SYNTAX"); s != "" {
		oid, _, _ := strings.Cut(s, "{") // and the length of values, a hint
		a.Syntax = t.syntaxes[oid]
	}
	for up := a; up != nil; up = up.Sup {
		up.Subtypes = append(up.Subtypes, a)
	}
	for _, key := range append([]string{a.OID}, a.Names...) {
		key = strings.ToLower(key)
		if t.types[key] != nil {
			panic("schema: attribute type defined twice: " + key)
		}
		t.types[key] = a
	}
	t.allTypes = append(t.allTypes, a)
}
