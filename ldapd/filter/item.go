package filter

import (
	"annuaire/ldapd/match"
	"annuaire/ldapd/schema"
)

type kind uint8

const (
	kindEqual kind = iota
	kindApprox
	kindSubstrings
	kindGreater // value >= assertion
	kindLess    // value <= assertion
	kindBefore  // value < assertion: an ordering rule named in an extensible filter (RFC 4517, 4.1)
	kindPresent
)

// fragment is a part of a substrings assertion, as it was sent or prepared.
type fragment struct {
	place match.Place
	text  []byte
}

var places = [...]match.Place{match.Initial, match.Any, match.Final}

// item is an assertion, prepared.
type item struct {
	kind      kind
	undefined bool                    // whatever the entry
	asked     *schema.AttributeType   // nil: any that the rule compares
	types     []*schema.AttributeType // asked and those below it; none when nothing bears its options
	rule      *schema.Rule
	named     bool // the rule was named: no leniency
	dn        bool // the DN counts too

	sent     []fragment // as it was sent: one Whole, or those of substrings
	prepared []fragment // the same, prepared by the rule
	folded   []fragment // the same, folded: the lenient reading, where there is one
	words    []word     // of the folded ones: those of a name, in any order
}

// about resolves the description; false when the item is settled.
func (it *item) about(desc []byte) bool {
	t, held, known := Description(desc)
	if !known {
		it.undefined = true
		return false
	}
	it.asked = t
	if held {
		it.types = t.Subtypes
	}
	return true
}

func newPresent(desc []byte) *item {
	it := &item{kind: kindPresent}
	it.about(desc)
	return it
}

// newAssertion is about a whole value.
func newAssertion(k kind, desc, value []byte) *item {
	it := &item{kind: k, sent: []fragment{{match.Whole, value}}}
	if !it.about(desc) {
		return it
	}
	if it.rule = it.asked.Equality; k == kindGreater || k == kindLess {
		it.rule = it.asked.Ordering
	}
	it.prepare()
	return it
}

func newSubstrings(desc []byte, fragments []fragment) *item {
	it := &item{kind: kindSubstrings, sent: fragments}
	if it.about(desc) {
		it.rule = it.asked.Substr
		it.prepare()
	}
	return it
}

// prepare applies the rule to what was sent. A type without such a rule, and a value that is none of its syntax, are Undefined.
func (it *item) prepare() {
	if it.rule == nil {
		it.undefined = true
		return
	}
	for _, f := range it.sent {
		if len(f.text) > maxAssertion {
			it.undefined = true
			return
		}
		text, ok := it.rule.Append(nil, f.text, f.place)
		if !ok || len(f.text) == 0 || f.place == match.Whole && !it.rule.Syntax.Valid(f.text) {
			it.undefined = true
			return
		}
		it.prepared = append(it.prepared, fragment{f.place, text})
	}
	if it.rule.Soft && !it.named {
		it.soften()
	}
}
