package audience

import (
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/nomenclature"
)

// outsideCodes are the professions outside health that the directory holds: social care (TRE_R94) and those who are there by their role
// alone (99: secretaries, coordinators, actors of social care). An alert goes to them only where a criterion names them.
var outsideCodes = []string{
	"41", "42", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53",
	"200", "201", "202", "203", "204", "205", "206", "207", "208", "209", "210", "211", "212", "213",
	byRole,
}

// byRole is the profession of who is there by a role (TRE_R85, TRE_R96); a criterion on such a role names it.
const byRole = "99"

// OutsideHealth reports whether a profession is outside health: people of it are selected only by a criterion that names them.
func OutsideHealth(profession string) bool { return slices.Contains(outsideCodes, profession) }

// outside is the professions outside health that criteria name.
type outside map[string]bool

// named returns those that a criterion names: by profession, by a role that only they have, or, each and all, by their number.
func (c criterion) named() []string {
	switch c.field {
	case annuaire.FieldID:
		return outsideCodes
	case annuaire.FieldProfession:
		return slices.DeleteFunc(slices.Clone(c.codes), func(code string) bool { return !OutsideHealth(code) })
	case annuaire.FieldRole:
		if slices.ContainsFunc(c.codes, func(code string) bool { return !strings.HasPrefix(code, "FON") }) {
			return []string{byRole}
		}
	}
	return nil
}

// add collects what a tree names, but for what it negates.
func (o outside) add(t tree, negated bool) {
	if t.op == OpIs && !negated {
		for _, code := range t.leaf.named() {
			o[code] = true
		}
	}
	for _, a := range t.args {
		o.add(a, negated != (t.op == OpNot))
	}
}

// warn says which professions outside health are named.
func (o outside) warn(r *resolver) {
	if len(o) == 0 || len(o) == len(outsideCodes) { // numbers of people name nobody's profession: the breakdown tells
		return
	}
	var list []string
	for _, code := range outsideCodes {
		if o[code] {
			label, _ := nomenclature.Label(nomenclature.Profession, code)
			list = append(list, code+" "+label)
		}
	}
	said := strings.Join(list, ", ")
	r.warn("audience_outside_health", "l'audience comprend des personnes hors des professions de santé : %s", "the audience includes people outside the health professions: %s", said)
}

// guarded is the expression of t within one situation, to which a profession outside health belongs only along a branch that names it.
func guarded(t tree) annuaire.Expr {
	health := annuaire.And(expr(t), healthOnly())
	if n := naming(t); n.Op != annuaire.OpFalse {
		return annuaire.Or(health, n)
	}
	return health
}

// naming is true of the situations that satisfy t along a branch that names their profession, one outside health: all criteria of a
// conjunction hold, and one of them names it.
func naming(t tree) annuaire.Expr {
	switch t.op {
	case OpIs:
		named := t.leaf.named()
		switch len(named) {
		case 0:
			return annuaire.Expr{Op: annuaire.OpFalse}
		case len(outsideCodes):
			return expr(t)
		}
		return annuaire.And(expr(t), anyProfession(named))
	case OpAll, OpAny:
		var some []annuaire.Expr
		for _, a := range t.args {
			if n := naming(a); n.Op != annuaire.OpFalse {
				some = append(some, n)
			}
		}
		switch {
		case len(some) == 0:
			return annuaire.Expr{Op: annuaire.OpFalse}
		case t.op == OpAny:
			return annuaire.Or(some...)
		}
		return annuaire.And(append(exprs(t.args), annuaire.Or(some...))...)
	}
	return annuaire.Expr{Op: annuaire.OpFalse}
}

// healthOnly is true of the situations of professions of health.
func healthOnly() annuaire.Expr { return annuaire.Not(anyProfession(outsideCodes)) }

func anyProfession(codes []string) annuaire.Expr {
	return annuaire.AnyOf(annuaire.FieldProfession, codes)
}
