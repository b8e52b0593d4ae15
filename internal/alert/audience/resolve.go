package audience

import (
	"slices"
	"strings"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/freetext"
	"annuaire/internal/geo"
	"annuaire/internal/nomenclature"
)

// criterion is one field and any of some codes.
type criterion struct {
	field annuaire.Field
	codes []string
}

// tree is a Node whose values are understood: everyday words have become groups of criteria.
type tree struct {
	op   Op
	leaf criterion // OpIs
	args []tree
}

// resolver understands the values of an audience.
type resolver struct {
	terms    []annuaire.AudienceTerm
	warnings []annuaire.AudienceWarning
}

// node understands n; removes says that it stands under an odd number of negations, or in exclude.
func (r *resolver) node(n Node, removes bool) (tree, error) {
	if n.Op == OpIs {
		return r.leaf(n, removes)
	}
	t := tree{op: n.Op}
	for _, a := range n.Args {
		arg, err := r.node(a, removes != (n.Op == OpNot))
		if err != nil {
			return t, err
		}
		t.args = append(t.args, arg)
	}
	return t, nil
}

// leaf understands the values of a criterion. Neighbouring codes are one criterion; each everyday word is told apart.
func (r *resolver) leaf(n Node, removes bool) (tree, error) {
	info := fields[n.Field]
	var some []tree
	plain := criterion{field: info.to}
	var said []string
	bad := 0 // check digits
	for _, v := range n.Values {
		if w, ok := r.everyday(n, info, v); ok {
			some = append(some, treeOf(w.Readings))
			r.term(Node{Op: OpIs, Field: n.Field, Values: []string{v}}.String(), w.Text, removes, w.Readings)
			continue
		}
		codes, err := r.codes(n, info, v)
		if err != nil {
			return tree{}, err
		}
		if !checks(info.to, codes[0]) {
			bad++
		}
		plain.codes, said = append(plain.codes, codes...), append(said, v)
	}
	if len(plain.codes) > 0 {
		slices.Sort(plain.codes)
		plain.codes = slices.Compact(plain.codes)
		some = append(some, tree{op: OpIs, leaf: plain})
		if len(said) > maxSaid {
			said = append(said[:maxSaid:maxSaid], "…")
		}
		r.term(Node{Op: OpIs, Field: n.Field, Values: said}.String(), "", removes, [][]freetext.Criterion{{{Field: plain.field, Codes: plain.codes}}})
	}
	if bad > 0 {
		r.warn("audience_check_digit", "%d numéro(s) dont la clé est fausse (%s)", "%d number(s) with a wrong check digit (%s)", bad, n.Field)
	}
	return group(OpAny, some), nil
}

// maxSaid is how many values of a criterion are repeated when it is spelled out.
const maxSaid = 20

// everyday returns the everyday word that a value is: of a field, one that is about this field alone. A code is no word.
func (r *resolver) everyday(n Node, info fieldInfo, v string) (freetext.Word, bool) {
	w, ok := freetext.Lookup(v)
	if !ok || n.Field == fieldWord {
		return w, ok
	}
	if _, code := nomenclature.Label(info.table, strings.ToUpper(v)); code || info.table == "" {
		return w, false
	}
	for _, reading := range w.Readings {
		if len(reading) != 1 || reading[0].Field != info.to {
			return w, false
		}
	}
	if codes, ok := nomenclature.Resolve(info.table, v); ok && !sameCodes(codes, w.Readings) {
		label, _ := nomenclature.Label(info.table, codes[0])
		r.warn("audience_everyday_word", "« %[1]s » est compris comme le mot courant : plus que %[2]s (%[3]s), qu'on désigne par son code",
			"%[1]q is read as the everyday word: more than %[2]s (%[3]s), which its code names", v, label, strings.Join(codes, ", "))
	}
	return w, true
}

func sameCodes(codes []string, readings [][]freetext.Criterion) bool {
	var all []string
	for _, r := range readings {
		all = append(all, r[0].Codes...)
	}
	slices.Sort(all)
	return slices.Equal(codes, slices.Compact(all))
}

// codes understands a value that is no everyday word.
func (r *resolver) codes(n Node, info fieldInfo, v string) ([]string, error) {
	if n.Field == fieldWord {
		return nil, unknownWord(n, v)
	}
	if info.table == "" {
		codes, ok := info.read(v)
		if !ok {
			return nil, unknownValue(n, info, v)
		}
		if n.Field == "city" && len(codes) > 1 {
			r.warn("audience_homonyms", "« %[1]s » est le nom de %[2]d communes : %[3]s", "%[1]q is the name of %[2]d communes: %[3]s", v, len(codes), strings.Join(codes[:min(len(codes), maxSaid)], ", "))
		}
		return codes, nil
	}
	if codes, ok := nomenclature.Resolve(info.table, v); ok {
		return codes, nil
	}
	if code := compact(v); len(code) <= 10 && strings.ContainsAny(code, "0123456789") && info.table != nomenclature.Setting {
		r.warn("audience_unknown_code", "« %s » n'est dans aucune de nos tables : l'annuaire dira s'il l'emploie", "%q is in none of our tables: the directory will tell whether it is in use", code)
		return []string{code}, nil
	}
	return nil, unknownValue(n, info, v)
}

func unknownWord(n Node, v string) error {
	if f, ok := connectives[strings.ToUpper(v)]; ok {
		return fault(n.at, ruleValue, "« %[1]s » : %[2]s s'écrit en majuscules", "%[1]q: %[2]s is written in capitals", v, f)
	}
	var all []string
	for _, w := range freetext.Words() {
		all = append(append(all, w.Text), w.Others...)
	}
	fr, en := near(nearest(v, all, 3))
	return fault(n.at, ruleValue, "« %[1]s » n'est pas un mot courant%[2]s ; un critère s'écrit profession:médecin, city:Lyon…",
		"%[1]q is no everyday word%[3]s; a criterion is written profession:médecin, city:Lyon…", cut(v), fr, en)
}

func unknownValue(n Node, info fieldInfo, v string) error {
	var known []string
	switch {
	case n.Field == "department" && compact(v) == "20":
		known = []string{"2A", "2B"}
	case n.Field == "department":
		known = geo.NearestDepartments(v)
	case n.Field == "region":
		known = geo.NearestRegions(v)
	case info.table != "" && len(v) <= maxValue:
		known = nomenclature.Nearest(info.table, v)
	}
	if w, ok := freetext.Lookup(v); ok {
		known = []string{"word:" + quoted(w.Text)}
	}
	fr, en := near(known)
	return fault(n.at, ruleValue, "%[1]s : « %[2]s » n'est pas compris%[3]s", "%[1]s: %[2]q is not understood%[4]s", n.Field, cut(v), fr, en)
}

// treeOf is any of the readings of a word.
func treeOf(readings [][]freetext.Criterion) tree {
	return group(OpAny, lo.Map(readings, func(reading []freetext.Criterion, _ int) tree {
		return group(OpAll, lo.Map(reading, func(c freetext.Criterion, _ int) tree { return tree{op: OpIs, leaf: criterion{c.Field, c.Codes}} }))
	}))
}

// group is all or any of some trees; of one, that one.
func group(op Op, args []tree) tree {
	if len(args) == 1 {
		return args[0]
	}
	return tree{op: op, args: args}
}
