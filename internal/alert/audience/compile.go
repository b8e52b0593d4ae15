package audience

import (
	"github.com/samber/lo"

	"annuaire"
)

// compile makes the expression about people, and that about the situations for which they are selected. What is inside one group holds
// within one situation; people are removed as a whole (DESIGN 5: by set difference, which is what Not outside OneActivity is).
func compile(everyone bool, parts map[string][]tree) (people, counted annuaire.Expr) {
	situations := lo.Map(append(parts[where], parts["include"]...), func(t tree, _ int) annuaire.Expr { return guarded(t) })
	if everyone {
		situations = append([]annuaire.Expr{healthOnly()}, situations...)
	}
	selected := lo.Map(situations, func(in annuaire.Expr, _ int) annuaire.Expr { return annuaire.OneActivity(in) })
	if also := inOneActivity(parts["also"]); len(also) > 0 { // it goes with criteria, or with everyone
		selected[0] = annuaire.And(append([]annuaire.Expr{selected[0]}, also...)...)
	}
	people = annuaire.Or(selected...)
	if gone := inOneActivity(parts["exclude"]); len(gone) > 0 {
		people = annuaire.And(people, annuaire.Not(annuaire.Or(gone...)))
	}
	return people, annuaire.Or(situations...)
}

func inOneActivity(trees []tree) []annuaire.Expr {
	return lo.Map(trees, func(t tree, _ int) annuaire.Expr { return annuaire.OneActivity(expr(t)) })
}

// expr is the expression of t within one situation.
func expr(t tree) annuaire.Expr {
	switch t.op {
	case OpAny:
		return annuaire.Or(exprs(t.args)...)
	case OpAll:
		return annuaire.And(exprs(t.args)...)
	case OpNot:
		return annuaire.Not(expr(t.args[0]))
	}
	return annuaire.AnyOf(t.leaf.field, t.leaf.codes)
}

func exprs(args []tree) []annuaire.Expr {
	return lo.Map(args, func(t tree, _ int) annuaire.Expr { return expr(t) })
}
