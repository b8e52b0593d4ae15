package audience

import (
	"slices"
	"testing"

	"annuaire"
)

// holds tells whether an expression is true of a situation given as field=code pairs.
func holds(e annuaire.Expr, s map[annuaire.Field]string) bool {
	has := func(e annuaire.Expr) bool { return holds(e, s) }
	switch e.Op {
	case annuaire.OpTrue, annuaire.OpFalse:
		return e.Op == annuaire.OpTrue
	case annuaire.OpAnd, annuaire.OpOneActivity:
		return !slices.ContainsFunc(e.Args, func(a annuaire.Expr) bool { return !has(a) })
	case annuaire.OpOr:
		return slices.ContainsFunc(e.Args, has)
	case annuaire.OpNot:
		return !has(e.Args[0])
	}
	return s[e.Field] == e.Value
}

func TestGuard(t *testing.T) {
	in := func(profession, mode, role string) map[annuaire.Field]string {
		return map[annuaire.Field]string{annuaire.FieldProfession: profession, annuaire.FieldMode: mode, annuaire.FieldRole: role, annuaire.FieldID: "899012345679"}
	}
	doctor, actor, social, aide := in("10", "L", ""), in("99", "L", ""), in("41", "L", ""), in("99", "S", "313")
	for _, tt := range []struct {
		rule, text string
		want       []bool // doctor, actor, social worker, aide by role
	}{
		{"no criterion selects who is outside health", "everyone", []bool{true, false, false, false}},
		{"a criterion that does not name them leaves them out", "mode:L", []bool{true, false, false, false}},
		{"nor does one that takes others away bring them in", "-mode:B", []bool{true, false, false, false}},
		{"nor one that takes them away themselves", "-profession:99 mode:L", []bool{true, false, false, false}},
		{"whoever is named is selected, and nobody else outside health", "profession:99 mode:L", []bool{false, true, false, false}},
		{"a branch brings in those whom it names", "profession:41 OR mode:L", []bool{true, false, true, false}},
		{"but not those whom another branch names", "(profession:99 mode:S) OR mode:L", []bool{true, false, false, true}},
		{"inside a conjunction each branch answers for itself", "mode:L,S ((profession:99 role:313) OR mode:L)", []bool{true, false, false, true}},
		{"of two groups either may name them", "(profession:41 OR mode:L) (profession:99 OR mode:S,L)", []bool{true, true, true, false}},
		{"a role that only they have names them", "role:313", []bool{false, false, false, true}},
		{"so does an everyday word", "aide-soignant", []bool{false, false, false, true}},
		{"a number names a person, whoever it is", "rpps:99012345679", []bool{true, true, true, true}},
		{"in include too they must be named", "mode:B include(mode:L)", []bool{true, false, false, false}},
		{"exclude takes them away without naming them", "profession:99,10 exclude(mode:L)", []bool{false, false, false, true}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			m := resolved(t, tt.text)
			var got []bool
			for _, s := range []map[annuaire.Field]string{doctor, actor, social, aide} {
				got = append(got, holds(m.Where, s))
			}
			if !slices.Equal(got, tt.want) {
				t.Fatalf("%v, want %v", got, tt.want)
			}
		})
	}
}
