package index

import (
	"strings"

	"annuaire"
	"annuaire/internal/geo"
	"annuaire/internal/names"
	"annuaire/internal/nomenclature"
)

// leaf compiles one criterion of the question: what words are compared with loosely becomes several.
func (c *compiler) leaf(e annuaire.Expr) (*plan, error) {
	if c.loose {
		return c.looseLeaf(e)
	}
	if sp, ok := c.schema[e.Field]; ok && e.Op == annuaire.OpSimilar && sp.kind == 0 && sp.field != fieldID && e.Field != annuaire.FieldCity {
		return c.similar(e, sp)
	}
	leaf, err := c.criterion(e)
	return &plan{op: planLeaf, leaf: leaf}, err
}

// criterion compiles a leaf.
func (c *compiler) criterion(e annuaire.Expr) (*criterion, error) {
	key := leafKey{e.Op, e.Field, e.Value, e.To}
	if known := c.same[key]; known != nil {
		return known, nil
	}
	sp, ok := c.schema[e.Field]
	if !ok {
		return nil, annuaire.Invalid(string(e.Field), "ce critère n'existe pas ici", "there is no such criterion here")
	}
	out := &criterion{id: len(c.criteria), group: len(c.criteria), field: e.Field, value: e, person: sp.person, rank: sp.rank}
	var err error
	switch {
	case e.Op == annuaire.OpPresent:
		out.levels = exactly(c.presence(e.Field, sp))
	case e.Field == annuaire.FieldName:
		err = nameCriterion(out, e)
	case e.Field == annuaire.FieldCity:
		err = cityCriterion(out, e)
	case e.Field == annuaire.FieldHasMailbox:
		out.levels, err = hasMailbox(e)
	case sp.field == fieldID:
		out.levels, err = idCriterion(e)
	case sp.kind == 0:
		err = textCriterion(out, sp.field, e)
	default:
		err = c.codeCriterion(out, sp, e)
	}
	if err != nil {
		return nil, err
	}
	c.criteria, c.same[key] = append(c.criteria, out), out
	return out, nil
}

// unsupported is the answer to an operation that a field does not know.
func unsupported(e annuaire.Expr) error {
	return annuaire.Errorf(annuaire.CodeInvalid, string(e.Field), "cette comparaison n'est pas possible sur ce critère",
		"this comparison is not possible on this criterion", nil)
}

func (c *compiler) presence(f annuaire.Field, sp spec) matcher {
	switch {
	case f == annuaire.FieldName:
		return anyOf{without{fieldFamily, absent, sp.person}, without{fieldGiven, absent, sp.person}}
	case f == annuaire.FieldMailbox && sp.person:
		return anyTerm{fieldBoxes, []string{string(rune(kindHasMailbox))}}
	case sp.field == fieldID:
		return everyone{}
	case sp.kind == 0:
		return without{sp.field, absent, sp.person}
	case sp.known == kindPresent:
		return anyTerm{sp.field, []string{string([]byte{kindPresent, sp.kind})}}
	case sp.known == kindAbsent:
		return without{sp.field, string([]byte{kindAbsent, sp.kind}), false}
	case f == annuaire.FieldSetting:
		return anyTerm{sp.field, prefixed(kindSector, sectorsOf(nomenclature.Codes(nomenclature.Setting)))}
	case sp.kind == kindPostal:
		return prefixRange(sp.field, string(rune(kindPostal2)))
	}
	return prefixRange(sp.field, string(rune(sp.kind)))
}

// textCriterion: Equals is the whole value, Prefix the words in order. Similar is for compiler.similar.
func textCriterion(out *criterion, field string, e annuaire.Expr) error {
	whole := wholeValue{field, queryWords(field, e.Value, true)}
	switch e.Op {
	case annuaire.OpEquals:
		out.levels = exactly(whole)
	case annuaire.OpPrefix, annuaire.OpSimilar:
		out.levels = wholeOr(whole, inOrder{field, queryWords(field, e.Value, false)})
	case annuaire.OpContains:
		out.levels = wholeOr(whole, containing(field, e.Value))
	default:
		return unsupported(e)
	}
	return nil
}

// nameCriterion: each word is a word of the family or given name, or begins one; in any order.
func nameCriterion(out *criterion, e annuaire.Expr) error {
	var whole, begin, in allOf
	for _, w := range strings.Fields(names.Fold(e.Value)) {
		whole = append(whole, anyOf{wholeWord{fieldFamily, w}, wholeWord{fieldGiven, w}})
		begin = append(begin, anyOf{inOrder{fieldFamily, []string{w}}, inOrder{fieldGiven, []string{w}}})
		in = append(in, anyOf{containing(fieldFamily, w), containing(fieldGiven, w)})
	}
	if len(whole) == 0 {
		return nil
	}
	switch e.Op {
	case annuaire.OpEquals:
		out.levels = exactly(whole)
	case annuaire.OpPrefix:
		out.levels = wholeOr(whole, begin)
	case annuaire.OpContains:
		out.levels = wholeOr(whole, in)
	default:
		return unsupported(e)
	}
	return nil
}

// cityCriterion: the name of the city as the address writes it, or its commune, of which arrondissements are part.
func cityCriterion(out *criterion, e annuaire.Expr) error {
	if err := textCriterion(out, fieldCity, e); err != nil {
		return err
	}
	codes := prefixed(kindINSEE, citiesNamed(e.Value))
	if len(codes) == 0 {
		if e.Op == annuaire.OpSimilar {
			out.levels = append(out.levels, citiesLike(e.Value)...)
		}
		return nil
	}
	for i := range out.levels {
		l := &out.levels[i]
		l.m = anyOf{l.m, anyTerm{fieldPlace, codes}}
	}
	return nil
}

// citiesLike is for a name that no commune has: those that sound like it, then those mistyped.
func citiesLike(name string) (out []level) {
	for _, found := range geo.Like(name) {
		l := level{cost: costPhonetic, how: howPhonetic}
		if found.Edits > 0 {
			l = level{cost: costTypo, how: howTypo}
		}
		if found.Edits > 1 {
			l.cost = costTypos
		}
		l.m = anyTerm{fieldPlace, prefixed(kindINSEE, found.Codes)}
		out = append(out, l)
	}
	return out
}

func hasMailbox(e annuaire.Expr) ([]level, error) {
	m := anyTerm{fieldBoxes, []string{string(rune(kindHasMailbox))}}
	switch {
	case e.Op != annuaire.OpEquals:
		return nil, unsupported(e)
	case e.Value == "true":
		return exactly(m), nil
	case e.Value == "false":
		return exactly(headsWithout{m}), nil
	}
	return nil, annuaire.Invalid(string(e.Field), "%q n'est ni true ni false", "%q is neither true nor false", e.Value)
}

func idCriterion(e annuaire.Expr) ([]level, error) {
	id, ok := annuaire.NationalID(e.Value)
	switch e.Op {
	case annuaire.OpEquals, annuaire.OpSimilar:
		if !ok {
			id = strings.TrimSpace(e.Value)
		}
		if id == "" || id == continuation {
			return nil, nil
		}
		return exactly(anyTerm{fieldID, []string{id}}), nil
	case annuaire.OpPrefix:
		if p := strings.ToUpper(strings.ReplaceAll(e.Value, " ", "")); p != "" && p[0] != continuation[0] {
			return beginning(prefixRange(fieldID, p)), nil
		}
		return nil, nil
	case annuaire.OpContains:
		return beginning(scanned{fieldID, "0", "a", strings.ToUpper(strings.TrimSpace(e.Value))}), nil
	case annuaire.OpRange:
		to := e.To + "\x00"
		if e.To == "" {
			to = "\xff"
		}
		return exactly(termRange{fieldID, max(e.Value, "0"), to}), nil
	}
	return nil, unsupported(e)
}
