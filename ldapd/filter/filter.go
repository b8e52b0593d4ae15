package filter

import (
	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd/schema"
)

// Limits of a filter: far beyond what any client sends (references: 60 nodes for five words typed in Thunderbird).
const (
	maxDepth = 64  // of filters in filters
	maxNodes = 256 // of filters in all; and of the parts of all substrings
)

// maxAssertion is the longest assertion that is looked at, in bytes: longer than any value. Longer ones are Undefined.
const maxAssertion = 2048

// maxCost bounds what all assertions of a filter cost to prepare: their bytes, those outside ASCII counted sixteen times, because a letter of
// three bytes may stand for thirty, and takes microseconds to find out.
const (
	maxCost     = 32 << 10
	costForeign = 15
)

// What can be wrong with a filter. What is well formed and makes no sense here is Undefined, and no error (RFC 4511, 4.5.1.7).
var (
	ErrMalformed error = annuaire.Invalid("filter", "filtre illisible (RFC 4511, 4.5.1.7)", "the filter cannot be read (RFC 4511, 4.5.1.7)")
	// ErrTooComplex is for adminLimitExceeded.
	ErrTooComplex error = annuaire.Invalid("filter", "filtre trop complexe : au plus 64 niveaux et 256 critères", "the filter is too complex: at most 64 levels and 256 items")
)

// Options say how to evaluate.
type Options struct {
	Strict bool // RFC 4517 and nothing more: none of the leniencies
}

// Truth is a value of the three-valued logic. They are in order: the And of several is the least of them, the Or the greatest.
type Truth int8

// The values.
const (
	False Truth = iota - 1
	Undefined
	True
)

// Not returns the negation: Undefined stays.
func (t Truth) Not() Truth { return -t }

// Entry is what a filter is evaluated on.
type Entry interface {
	// Card returns the card, the zero Card for entries that are not one.
	Card() card.Card
	// Computed returns the values of a type that no card holds; of an entry without card, of any type. They need not outlive the next call.
	Computed(t *schema.AttributeType) [][]byte
	// EachInDN calls fn with the attribute values of the DN until it returns false.
	EachInDN(fn func(t *schema.AttributeType, value []byte) bool)
}

// Filter is a filter that was read. It has room for the evaluation: one goroutine at a time.
type Filter struct {
	root node
	eval eval
}

type op uint8

const (
	opAnd op = iota
	opOr
	opNot
	opItem
)

// node is a filter of the tree. An opAnd without kids is True, an opOr False (RFC 4526).
type node struct {
	op   op
	kids []node
	item *item
}

// Match evaluates the filter on an entry, which matches when it is True.
func (f *Filter) Match(e Entry, o Options) Truth {
	f.eval = eval{entry: e, card: e.Card(), strict: o.Strict, buf: f.eval.buf}
	return f.eval.node(&f.root)
}

// Holds reports whether fn is true of a value, or a part of one, that the filter asks for.
func (f *Filter) Holds(fn func(value []byte) bool) bool { return f.root.holds(fn) }

func (n *node) holds(fn func([]byte) bool) bool {
	for i := range n.kids {
		if n.kids[i].holds(fn) {
			return true
		}
	}
	if n.item != nil {
		for _, s := range n.item.sent {
			if fn(s.text) {
				return true
			}
		}
	}
	return false
}
