package filter

import (
	"strings"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/internal/names"
	"annuaire/ldapd/match"
	"annuaire/ldapd/schema"
)

// Expr returns an expression that is true of every entry of the book that matches, and of others: candidates are to be checked with Match. It holds
// And, Or, Equals, Prefix, Contains and Present, or is True or False; values are as they were sent, but for spaces at their ends.
func (f *Filter) Expr(book annuaire.Book, o Options) annuaire.Expr {
	return f.root.bound(book, o).expr()
}

func (n *node) bound(book annuaire.Book, o Options) bound {
	if n.op == opItem {
		return n.item.bound(book, o)
	}
	kids := make([]bound, len(n.kids))
	for i := range n.kids {
		kids[i] = n.kids[i].bound(book, o)
	}
	switch n.op {
	case opNot:
		return kids[0].not()
	case opOr:
		return some(kids)
	}
	return all(kids)
}

func (it *item) bound(book annuaire.Book, o Options) bound {
	if it.undefined {
		return constant(Undefined)
	}
	if it.asked == nil || it.dn {
		return anything
	}
	var types []*schema.AttributeType // of which entries of the book can have values
	for _, t := range it.types {
		if t.Computed() || t.Attr != 0 && card.Holds(book, t.Attr) {
			types = append(types, t)
		}
	}
	switch {
	case len(types) == 0:
		return constant(False)
	case it.kind == kindPresent:
		return it.present(book, types)
	case types[0].Name == "objectClass" && it.kind == kindEqual:
		return it.class(book)
	case !o.Strict && len(it.words) > 0:
		return it.anyOrder(types, book)
	}
	asked := it.questions()
	var args []annuaire.Expr
	for _, t := range types {
		args = append(args, it.leaf(book, t, asked))
	}
	return bound{upper: or(args...)}
}

// present: some attributes every entry has.
func (it *item) present(book annuaire.Book, types []*schema.AttributeType) bound {
	var args []annuaire.Expr
	for _, t := range types {
		switch t.Name {
		case "objectClass", "structuralObjectClass", "entryUUID", "entryDN", "subschemaSubentry", "hasSubordinates":
			return constant(True)
		}
		if schema.Required(book, t) || t.Attr == card.DisplayName {
			return constant(True)
		}
		if f := fieldOf(book, t.Attr); f != "" {
			args = append(args, annuaire.Present(f))
		} else {
			args = append(args, anything.upper)
		}
	}
	return bound{upper: or(args...)}
}

// class: entries of a book have the same object classes.
func (it *item) class(book annuaire.Book) bound {
	for _, name := range schema.ObjectClasses(book) {
		if id, _ := it.rule.Append(nil, []byte(name), match.Whole); string(id) == string(it.prepared[0].text) {
			return constant(True)
		}
	}
	return constant(False)
}

// anyOrder is the lenient reading of several words of a name: each is in the names of the entry, which hold the words of all attributes that are
// names. The supertype "name" has others below it.
func (it *item) anyOrder(types []*schema.AttributeType, book annuaire.Book) bound {
	args := make([]annuaire.Expr, 0, len(it.words))
	for _, w := range it.words {
		op := annuaire.OpContains
		switch {
		case w.whole:
			op = annuaire.OpEquals
		case w.begins:
			op = annuaire.OpPrefix
		}
		args = append(args, annuaire.Expr{Op: op, Field: annuaire.FieldName, Value: string(w.text)})
	}
	either, asked := []annuaire.Expr{and(args...)}, it.questions()
	for _, t := range types {
		if !isName(t) {
			either = append(either, it.leaf(book, t, asked))
		}
	}
	return bound{upper: or(either...)}
}

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
