package filter

import (
	"strings"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/internal/names"
	"annuaire/ldapd/match"
	"annuaire/ldapd/schema"
)

// question is a fragment as the index is asked for it.
type question struct {
	value  string // as it was sent, but for spaces at its ends
	folded string
	place  match.Place
}

// questions are the fragments of which the index, which folds as names does, finds what the rule does: not those with characters that RFC 4518
// leaves out and folding takes for spaces.
func (it *item) questions() (out []question) {
	for _, s := range it.sent {
		q := question{strings.TrimSpace(string(s.text)), names.Fold(string(s.text)), s.place}
		prepared, ok := match.String(nil, s.text, true, s.place)
		if q.value != "" && ok && names.Fold(string(prepared)) == q.folded {
			out = append(out, q)
		}
	}
	return out
}

// leaf is the expression of an assertion about one type, as well as the index can tell.
func (it *item) leaf(book annuaire.Book, t *schema.AttributeType, asked []question) annuaire.Expr {
	if t.Attr == card.C && tooLong(asked, 2) {
		return never
	}
	f := fieldOf(book, t.Attr)
	if f == "" || it.kind == kindGreater || it.kind == kindLess || it.kind == kindBefore {
		return anything.upper
	}
	var args []annuaire.Expr
	for _, q := range asked {
		if q.folded == "" && wordly(f) {
			continue
		}
		op := annuaire.OpContains
		switch {
		case it.kind == kindEqual || it.kind == kindApprox:
			op = annuaire.OpEquals
			if t.Attr == card.PostalAddress { // the index has its words, and no end of lines
				op = annuaire.OpContains
			}
		case q.place == match.Initial:
			op = annuaire.OpPrefix
		}
		args = append(args, annuaire.Expr{Op: op, Field: f, Value: q.value})
	}
	return and(args...)
}

// tooLong reports whether no value of n letters can satisfy the assertion.
func tooLong(asked []question, n int) bool {
	size := 0
	for _, q := range asked {
		size += len(q.folded)
	}
	return size > n
}
