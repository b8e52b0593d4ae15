package index

import (
	"strings"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/names"
)

// looseLeaf compiles a criterion of a question whose answers are candidates: everything of which it is true, and what is as cheap to
// leave in as to tell apart. Nothing typed is an error.
func (c *compiler) looseLeaf(e annuaire.Expr) (*plan, error) {
	var leaf *criterion
	var err error
	if c.schema == nil {
		leaf = c.bookLeaf(e)
	} else {
		leaf, err = c.looseCriterion(e)
	}
	if annuaire.CodeOf(err) == annuaire.CodeInvalid && err != nil { // a value that no table knows
		return &plan{op: planNone}, nil
	}
	return &plan{op: planLeaf, leaf: leaf}, err
}

// looseCriterion compiles a criterion about people or structures.
func (c *compiler) looseCriterion(e annuaire.Expr) (*criterion, error) {
	sp, ok := c.schema[e.Field]
	words := strings.Fields(names.Fold(e.Value))
	fields := []string{sp.field}
	if e.Field == annuaire.FieldName {
		fields = []string{fieldFamily, fieldGiven}
	}
	switch {
	case !ok && e.Field == annuaire.FieldTitle && e.Op != annuaire.OpPresent:
		return c.looseCodes(spec{}, rankBroad, titled(words)), nil
	case e.Field == annuaire.FieldID && e.Op == annuaire.OpPrefix: // with or without the digit that says what the number is
		id := strings.ToUpper(strings.TrimSpace(e.Value))
		return c.looseCodes(sp, rankOne, anyOf{prefixRange(fieldID, id), prefixRange(fieldID, "8"+id), prefixRange(fieldID, "0"+id)}), nil
	case e.Field == annuaire.FieldStructID && e.Op == annuaire.OpEquals: // whatever kind of number it is
		v := e.Value
		return c.looseCodes(sp, rankOne, anyTerm{sp.field, []string{string(rune(kindStructure)) + v, string(rune(kindFINESS)) + v,
			string(rune(kindSIRET)) + v, string(rune(kindSIREN)) + v}}), nil
	case !ok, e.Op == annuaire.OpRange, e.Field == annuaire.FieldStreet,
		e.Op != annuaire.OpEquals && e.Op != annuaire.OpPresent && (sp.kind != 0 || sp.field == fieldID),
		sp.kind == 0 && sp.field != fieldID && e.Op != annuaire.OpPresent && len(words) == 0:
		return c.looseCodes(spec{person: true}, rankWords+1, everyone{}), nil
	case e.Op == annuaire.OpPresent || sp.kind != 0 || sp.field == fieldID:
		return c.criterion(e)
	}
	out := c.looseCodes(sp, sp.rank, nil)
	out.levels = wordLevels(e.Op, words, fields, func(f, w string) matcher { return within{f, []string{w}} })
	if e.Field == annuaire.FieldStructure && c.schema[annuaire.FieldID].kind == kindStructure { // one without a name shows its id
		out.levels = append(out.levels, level{cost: 2 * costPart, how: howPrefix, m: anyTerm{fieldStructure, []string{absent}}, late: e.Op == annuaire.OpContains})
	}
	return out, nil
}

func (c *compiler) looseCodes(sp spec, rank int, m matcher) *criterion {
	out := &criterion{id: len(c.criteria), group: len(c.criteria), person: sp.person, rank: rank, levels: exactly(m)}
	c.criteria = append(c.criteria, out)
	return out
}

// absorb leaves out the criteria of an alternative that another one includes: a family or a given name beside either name.
func absorb(args []annuaire.Expr) []annuaire.Expr {
	names := map[leafKey]bool{}
	for _, a := range args {
		if a.Field == annuaire.FieldName {
			names[leafKey{op: a.Op, value: a.Value}] = true
		}
	}
	if len(names) == 0 {
		return args
	}
	return lo.Reject(args, func(a annuaire.Expr, _ int) bool {
		return (a.Field == annuaire.FieldFamily || a.Field == annuaire.FieldGiven) && names[leafKey{op: a.Op, value: a.Value}]
	})
}
