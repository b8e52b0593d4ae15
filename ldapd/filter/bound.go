package filter

import (
	"reflect"
	"slices"

	"annuaire"
)

// bound is what is known of a filter before any entry is looked at: its value, where it is the same for all entries of the book; else an expression that
// is true of every entry for which the filter is True.
type bound struct {
	same  bool
	value Truth         // if same
	upper annuaire.Expr // if not
}

func constant(t Truth) bound { return bound{same: true, value: t} }

// anything is a filter of which nothing is known.
var anything = bound{upper: annuaire.Expr{Op: annuaire.OpTrue}}

var never = annuaire.Expr{Op: annuaire.OpFalse}

// expr is the expression of a bound: only True is a match.
func (b bound) expr() annuaire.Expr {
	switch {
	case !b.same:
		return b.upper
	case b.value == True:
		return anything.upper
	}
	return never
}

// not: of an upper bound nothing follows for the negation.
func (b bound) not() bound {
	if b.same {
		return constant(b.value.Not())
	}
	return anything
}

// all is the And of bounds.
func all(of []bound) bound { return join(annuaire.OpAnd, False, of) }

// some is the Or of bounds.
func some(of []bound) bound { return join(annuaire.OpOr, True, of) }

// join is the And or Or of bounds: one that is constantly decisive settles it; of constants alone, the nearest to that is its value.
func join(op annuaire.ExprOp, decisive Truth, of []bound) bound {
	value, same := decisive.Not(), true
	var args []annuaire.Expr
	for _, b := range of {
		switch {
		case b.same && b.value == decisive:
			return b
		case b.same && b.value == Undefined:
			value = Undefined
		case !b.same:
			same = false
		}
		args = append(args, b.expr())
	}
	if same {
		return constant(value)
	}
	return bound{upper: joined(op, args)}
}

func and(args ...annuaire.Expr) annuaire.Expr { return joined(annuaire.OpAnd, args) }
func or(args ...annuaire.Expr) annuaire.Expr  { return joined(annuaire.OpOr, args) }

// joined is the And or Or of args without what changes nothing and what is there twice.
func joined(op annuaire.ExprOp, args []annuaire.Expr) annuaire.Expr {
	decisive, idle := never, anything.upper
	if op == annuaire.OpOr {
		decisive, idle = idle, decisive
	}
	args = gather(op, args)
	out := args[:0]
	for _, a := range args {
		if a.Op == decisive.Op {
			return decisive
		}
		if a.Op != idle.Op && !has(out, a) {
			out = append(out, a)
		}
	}
	switch {
	case len(out) == 0:
		return idle
	case op == annuaire.OpOr:
		return annuaire.Or(out...)
	}
	return annuaire.And(out...)
}

// gather returns args with those of the same operation in place of them.
func gather(op annuaire.ExprOp, args []annuaire.Expr) (out []annuaire.Expr) {
	for _, a := range args {
		if a.Op == op {
			out = append(out, a.Args...)
		} else {
			out = append(out, a)
		}
	}
	return out
}

func has(in []annuaire.Expr, e annuaire.Expr) bool {
	return slices.ContainsFunc(in, func(have annuaire.Expr) bool {
		return have.Op == e.Op && have.Field == e.Field && have.Value == e.Value && (len(e.Args) == 0 || reflect.DeepEqual(have, e))
	})
}
