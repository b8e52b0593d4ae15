package filter

import (
	"reflect"

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
func all(of []bound) bound {
	value, same := True, true
	var args []annuaire.Expr
	for _, b := range of {
		if b.same && b.value == False {
			return b
		}
		if b.same {
			value = min(value, b.value)
		} else {
			same = false
		}
		args = append(args, b.expr())
	}
	if same {
		return constant(value)
	}
	return bound{upper: and(args...)}
}

// some is the Or of bounds.
func some(of []bound) bound {
	value, same := False, true
	var args []annuaire.Expr
	for _, b := range of {
		if b.same && b.value == True {
			return b
		}
		if b.same {
			value = max(value, b.value)
		} else {
			same = false
		}
		args = append(args, b.expr())
	}
	if same {
		return constant(value)
	}
	return bound{upper: or(args...)}
}

// and is the And of args without what is True and what is there twice.
func and(args ...annuaire.Expr) annuaire.Expr {
	args = gather(annuaire.OpAnd, args)
	out := args[:0]
	for _, a := range args {
		if a.Op == annuaire.OpFalse {
			return never
		}
		if a.Op != annuaire.OpTrue && !has(out, a) {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return anything.upper
	}
	return annuaire.And(out...)
}

// or is the Or of args without what is False and what is there twice.
func or(args ...annuaire.Expr) annuaire.Expr {
	args = gather(annuaire.OpOr, args)
	out := args[:0]
	for _, a := range args {
		if a.Op == annuaire.OpTrue {
			return anything.upper
		}
		if a.Op != annuaire.OpFalse && !has(out, a) {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return never
	}
	return annuaire.Or(out...)
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
	for _, have := range in {
		if have.Op == e.Op && have.Field == e.Field && have.Value == e.Value && (len(e.Args) == 0 || reflect.DeepEqual(have, e)) {
			return true
		}
	}
	return false
}
