package schema

import (
	"strconv"
	"strings"

	"annuaire/internal/card"
)

// AttributeType is an attribute type (RFC 4512, 2.5.1), what it does not say itself taken from its supertype.
type AttributeType struct {
	Name        string   // the short one, as entries show it
	Names       []string // Name first
	OID, Desc   string
	Attr        card.Attr // that holds its values in a card; 0: operational, computed, or never populated
	Sup         *AttributeType
	Subtypes    []*AttributeType // itself, then every type below it
	Equality    *Rule            // nil: its values cannot be compared so
	Ordering    *Rule
	Substr      *Rule
	Syntax      *Syntax
	MaxLen      int // characters, a hint; 0: none
	Single      bool
	Operational bool
	Usage       string // userApplications, directoryOperation, dSAOperation

	text string
}

// String is the definition as the subschema tells it (RFC 4512, 4.1.2).
func (t *AttributeType) String() string { return t.text }

// Computed reports whether entries have values of it that no card holds.
func (t *AttributeType) Computed() bool { return t.Operational || t.Name == "objectClass" }

func (t *tables) addType(text string) {
	d := parse(text)
	a := &AttributeType{Name: d.one("NAME"), Names: d["NAME"], OID: d.one(""), Desc: d.one("DESC"), Single: d.has("SINGLE-VALUE"),
		Usage: "userApplications", text: text}
	if u := d.one("USAGE"); u != "" {
		a.Usage, a.Operational = u, true
	}
	if sup := d.one("SUP"); sup != "" {
		a.Sup = t.types[strings.ToLower(sup)]
		a.Equality, a.Ordering, a.Substr, a.Syntax, a.MaxLen = a.Sup.Equality, a.Sup.Ordering, a.Sup.Substr, a.Sup.Syntax, a.Sup.MaxLen
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
		oid, bound, _ := strings.Cut(s, "{")
		a.Syntax = t.syntaxes[oid]
		a.MaxLen, _ = strconv.Atoi(strings.TrimSuffix(bound, "}"))
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
