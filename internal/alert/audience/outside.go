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
	switch t.op {
	case OpAny:
		args := make([]annuaire.Expr, len(t.args))
		for i, a := range t.args {
			args[i] = guarded(a)
		}
		return annuaire.Or(args...)
	case OpAll:
		allowed := outside{}
		for _, a := range t.args {
			if a.op == OpIs {
				allowed.add(a, false)
			}
		}
		if len(allowed) > 0 {
			return annuaire.And(append(exprs(t.args), allowed.guard())...)
		}
		for i, a := range t.args { // every branch of one argument guards itself
			inner := outside{}
			if inner.add(a, false); len(inner) > 0 && a.op != OpNot {
				args := exprs(t.args)
				args[i] = guarded(a)
				return annuaire.And(args...)
			}
		}
		return annuaire.And(append(exprs(t.args), outside{}.guard())...)
	}
	allowed := outside{}
	allowed.add(t, false)
	return annuaire.And(expr(t), allowed.guard())
}

// guard is true of the situations of professions of health, and of those named.
func (o outside) guard() annuaire.Expr {
	var others []annuaire.Expr
	for _, code := range outsideCodes {
		if !o[code] {
			others = append(others, annuaire.Equals(annuaire.FieldProfession, code))
		}
	}
	if len(others) == 0 {
		return annuaire.Expr{}
	}
	return annuaire.Not(annuaire.Or(others...))
}
