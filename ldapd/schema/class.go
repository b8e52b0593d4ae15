package schema

import (
	"slices"
	"strings"

	"annuaire"
)

// ObjectClass is an object class (RFC 4512, 2.4).
type ObjectClass struct {
	Name      string
	Names     []string
	OID       string
	Kind      string // ABSTRACT, STRUCTURAL, AUXILIARY
	Sup       *ObjectClass
	Must, May []*AttributeType // of its own

	text string
}

// String is the definition as the subschema tells it (RFC 4512, 4.1.1).
func (c *ObjectClass) String() string { return c.text }

// Allowed returns every attribute type of the class and those above it: those it requires, then those it allows.
func (c *ObjectClass) Allowed() (out []*AttributeType) {
	for up := c; up != nil; up = up.Sup {
		out = append(out, up.Must...)
	}
	for up := c; up != nil; up = up.Sup {
		for _, t := range up.May {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}

func (t *tables) addClass(text string) {
	d := parse(text)
	c := &ObjectClass{Name: d.one("NAME"), Names: d["NAME"], OID: d.one(""), Kind: "STRUCTURAL", text: text}
	for _, kind := range []string{"ABSTRACT", "AUXILIARY"} {
		if d.has(kind) {
			c.Kind = kind
		}
	}
	if sup := d.one("SUP"); sup != "" {
		if c.Sup = t.classes[strings.ToLower(sup)]; c.Sup == nil {
			panic("schema: no class " + sup)
		}
	}
	for keyword, list := range map[string]*[]*AttributeType{"MUST": &c.Must, "MAY": &c.May} {
		for _, name := range d[keyword] {
			a := t.types[strings.ToLower(name)]
			if a == nil {
				panic("schema: no attribute type " + name)
			}
			*list = append(*list, a)
		}
	}
	for _, key := range append([]string{c.OID}, c.Names...) {
		if key = strings.ToLower(key); t.classes[key] != nil {
			panic("schema: object class defined twice: " + key)
		}
		t.classes[key] = c
	}
	t.allClasses = append(t.allClasses, c)
}

// entryClasses are the object classes of the entries of each book: the structural one with those above it, then the auxiliary one.
var entryClasses = map[annuaire.Book][]string{
	annuaire.BookMailboxes:  {"top", "person", "organizationalPerson", "inetOrgPerson", "mssanteBAL"},
	annuaire.BookPeople:     {"top", "person", "organizationalPerson", "inetOrgPerson", "rppsPersonne"},
	annuaire.BookStructures: {"top", "organization", "rppsStructure"},
}

// ObjectClasses returns the values of objectClass of an entry of a book. They are not to be changed.
func ObjectClasses(book annuaire.Book) []string { return entryClasses[book] }

// Required reports whether every entry of a book has a value of t or of a type below it: some class of the entry requires it.
func Required(book annuaire.Book, t *AttributeType) bool {
	for _, name := range entryClasses[book] {
		for _, must := range LookupClass([]byte(name)).Must {
			if slices.Contains(t.Subtypes, must) {
				return true
			}
		}
	}
	return false
}
