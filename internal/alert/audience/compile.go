package audience

import "annuaire"

// compile makes the expression about people, and that about the situations for which they are selected. What is inside one group holds
// within one situation; people are removed as a whole (DESIGN 5: by set difference, which is what Not outside OneActivity is).
func compile(everyone bool, where *tree, groups map[string][]tree) (people, counted annuaire.Expr) {
	var selected, situations []annuaire.Expr
	if everyone || where != nil {
		in := healthOnly()
		if where != nil {
			in = guarded(*where)
		}
		both := []annuaire.Expr{annuaire.OneActivity(in)}
		for _, t := range groups["also"] {
			both = append(both, annuaire.OneActivity(expr(t)))
		}
		selected, situations = append(selected, annuaire.And(both...)), append(situations, in)
	}
	for _, t := range groups["include"] {
		in := guarded(t)
		selected, situations = append(selected, annuaire.OneActivity(in)), append(situations, in)
	}
	people = annuaire.Or(selected...)
	if len(groups["exclude"]) > 0 {
		var gone []annuaire.Expr
		for _, t := range groups["exclude"] {
			gone = append(gone, annuaire.OneActivity(expr(t)))
		}
		people = annuaire.And(people, annuaire.Not(annuaire.Or(gone...)))
	}
	return people, annuaire.Or(situations...)
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
	out := make([]annuaire.Expr, len(args), len(args)+1)
	for i, a := range args {
		out[i] = expr(a)
	}
	return out
}
