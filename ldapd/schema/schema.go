package schema

import (
	"strings"

	"annuaire/internal/card"
)

type tables struct {
	types      map[string]*AttributeType // by name, alias and OID, in lower case
	classes    map[string]*ObjectClass
	rules      map[string]*Rule
	syntaxes   map[string]*Syntax
	allTypes   []*AttributeType
	allClasses []*ObjectClass
	allRules   []*Rule
	byAttr     [card.LastAttr + 1]*AttributeType
}

// known and subschema are set when the program starts: rules that compare identifiers are part of known and look into it, which the
// initialisation of a variable may not.
var (
	known     *tables
	subschema []Definition
)

func init() {
	known = load()
	subschema = describe(known)
}

func load() *tables {
	t := &tables{types: map[string]*AttributeType{}, classes: map[string]*ObjectClass{}, rules: map[string]*Rule{}, syntaxes: map[string]*Syntax{}}
	for _, s := range syntaxes {
		t.syntaxes[s.OID] = s
	}
	for _, d := range rules {
		r := &Rule{Name: d.name, OID: d.oid, Kind: d.kind, Syntax: t.syntaxes[d.syntax], Soft: d.soft, prepare: d.prepare}
		for _, oid := range d.applies {
			r.Applies = append(r.Applies, t.syntaxes[oid])
		}
		if d.applies == nil {
			r.Applies = []*Syntax{r.Syntax}
		}
		t.rules[strings.ToLower(r.Name)], t.rules[r.OID] = r, r
		t.allRules = append(t.allRules, r)
	}
	for _, text := range []string{userTypes, mozillaTypes, operationalTypes, ours.Replace(ourTypes)} {
		for _, line := range lines(text) {
			t.addType(line)
		}
	}
	for _, line := range lines(ours.Replace(classDefinitions)) {
		t.addClass(line)
	}
	for attr, name := range held {
		a := t.types[strings.ToLower(name)]
		a.Attr, t.byAttr[attr] = attr, a
	}
	return t
}

// maxName is longer than any name or OID known here.
const maxName = 80

// find looks a name up whatever its case, without allocating.
func find[T any](in map[string]*T, name []byte) *T {
	var buf [maxName]byte
	if len(name) > len(buf) {
		return nil
	}
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		buf[i] = c
	}
	return in[string(buf[:len(name)])]
}

// Lookup returns the attribute type of a name, an alias or a numeric OID, without options; nil for one that is not known.
func Lookup(nameOrOID []byte) *AttributeType { return find(known.types, nameOrOID) }

// Of returns the attribute type of an attribute of a card.
func Of(a card.Attr) *AttributeType { return known.byAttr[a] }

// Types returns every attribute type.
func Types() []*AttributeType { return known.allTypes }

// LookupClass returns the object class of a name or OID, nil for one that is not known.
func LookupClass(nameOrOID []byte) *ObjectClass { return find(known.classes, nameOrOID) }

// LookupRule returns the matching rule of a name or OID, nil for one that is not known.
func LookupRule(nameOrOID []byte) *Rule { return find(known.rules, nameOrOID) }

// OrderingRule reports whether values can be sorted by this rule (RFC 2891, 1.1).
func OrderingRule(nameOrOID []byte) bool {
	r := LookupRule(nameOrOID)
	return r != nil && r.Kind == Ordering
}
