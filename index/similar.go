package index

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/names"

	"github.com/samber/lo"
)

// similar takes a criterion on words apart: the value as it is, and each of its names as it may be written, heard or mistyped.
// Costs then add up over the names, and a person matches at the least of them.
func (c *compiler) similar(e annuaire.Expr, sp spec) (*plan, error) {
	folded := names.Fold(e.Value)
	words := strings.Fields(folded)
	if len(words) == 0 {
		return &plan{op: planNone}, nil
	}
	o := origin{e: e, spec: sp, group: len(c.criteria), signed: names.Signed(e.Value)}
	if e.Field == annuaire.FieldName {
		return c.similarName(o, words), nil
	}
	whole := c.add(o, "\x00"+folded, sp.field, wholeLevels(sp.field, folded, o.signed))
	parts := c.units(o, words, []string{sp.field}, 0)
	return &plan{op: planOr, args: []*plan{whole, parts}}, nil
}

// maxGlued is up to how many words of a name are also tried two by two as one: "jean pierre dupont" is JEANPIERRE too.
const maxGlued = 5

// similarName: every name of the question is a family or a given name, in any order.
func (c *compiler) similarName(o origin, words []string) *plan {
	units := names.Units(words)
	if len(units) == 1 { // whoever types one name means the family name
		return &plan{op: planOr, args: []*plan{
			c.units(o, words, []string{fieldFamily}, 0), c.units(o, words, []string{fieldGiven}, costWord)}}
	}
	both := []string{fieldFamily, fieldGiven}
	out := &plan{op: planOr, args: []*plan{c.units(o, words, both, 0)}}
	for i, u := range units {
		if rest := units[1-min(i, 1)]; len(units) == 2 && initial(u) && !initial(rest) { // so does who types one beside an initial
			out.args[0] = &plan{op: planAnd, args: []*plan{{op: planOr, args: []*plan{
				c.units(o, rest, []string{fieldFamily}, 0), c.units(o, rest, []string{fieldGiven}, costWord)}}, c.letter(o, u)}}
		}
	}
	folded := strings.Join(words, " ")
	value := wholeValue{fieldFamily, queryWords(fieldFamily, folded, true)} // "n'diaye" and "martin durand" may be one name
	whole := c.add(o, "\x00"+folded, fieldFamily+"=", []level{{how: howExact, m: signedAs(value, o.signed, fieldFamily)}, {cost: costFolded, how: howFolded, m: value, covers: true}})
	whole.cost = costWord
	out.args = append(out.args, whole)
	sure := o
	sure.sure = true
	for i := 0; i < len(words)-1 && len(words) <= maxGlued; i++ {
		if len(words[i]) > 1 && len(words[i+1]) == 1 { // an initial: "dupont j" is no DUPONTJ
			continue
		}
		if glued := slices.Concat(words[:i], []string{words[i] + words[i+1]}, words[i+2:]); len(names.Units(glued)) > 1 || len(words) == 2 {
			sure.mute = len(words[i]) == 1 && len(words[i+1]) > 1 // "n diaye" is NDIAYE, but "j aubert" does not sound like JAUBERT
			out.args = append(out.args, c.units(sure, glued, both, costFolded))
		}
	}
	return out
}

// origin is the criterion of the question that is taken apart.
type origin struct {
	e      annuaire.Expr
	spec   spec
	group  int
	signed []string // its words with accents, as typed
	sure   bool     // no typing errors: they were not typed like this
	mute   bool     // nor sounds
}

// units asks for every name among words, in one of fields each.
func (c *compiler) units(o origin, words, fields []string, cost int) *plan {
	out := &plan{op: planAnd, cost: cost}
	all := names.Units(words)
	if len(all) > 1 {
		slices.SortStableFunc(all, func(a, b []string) int { return cmp.Compare(c.common(a, fields), c.common(b, fields)) })
	}
	for _, u := range all {
		if len(fields) > 1 && initial(u) {
			out.args = append(out.args, c.letter(o, u))
			continue
		}
		out.args = append(out.args, c.add(o, strings.Join(u, " "), strings.Join(fields, "")+lo.Ternary(o.sure, "!", "")+lo.Ternary(o.mute, "'", ""), c.unitLevels(o, u, fields)))
	}
	return out
}

// initial reports whether a name is a letter.
func initial(unit []string) bool { return len(unit) == 1 && len(unit[0]) == 1 }

// letter asks for an initial: that of the given name, or else any.
func (c *compiler) letter(o origin, unit []string) *plan {
	return &plan{op: planOr, args: []*plan{c.units(o, unit, []string{fieldGiven}, 0), c.units(o, unit, []string{fieldFamily}, costWord)}}
}

// common estimates how many have a name, by one segment: the rarest is looked for first, and the others where it is.
func (c *compiler) common(unit, fields []string) (n uint64) {
	if len(c.views) == 0 || initial(unit) { // initials are anybody's
		return math.MaxUint64
	}
	for _, f := range fields {
		from := string(rune(kindWord)) + unit[len(unit)-1] + "\x00"
		sets, err := c.views[0].sets(f, from, after(from))
		if err != nil {
			continue // evaluation says so
		}
		for _, b := range sets {
			n += b.GetCardinality()
		}
	}
	return n
}

// add makes a criterion of its own of a part of o; the same part is the same criterion.
func (c *compiler) add(o origin, part, where string, levels []level) *plan {
	key := leafKey{annuaire.OpSimilar, o.e.Field, part, where}
	k := c.same[key]
	if k == nil {
		k = &criterion{id: len(c.criteria), group: o.group, field: o.e.Field, value: o.e, person: o.spec.person, rank: o.spec.rank, levels: levels}
		c.criteria, c.same[key] = append(c.criteria, k), k
	}
	return &plan{op: planLeaf, leaf: k}
}

// wholeLevels compare a whole value: with its accents, without, with words cut otherwise, as a beginning.
func wholeLevels(field, folded string, signed []string) []level {
	whole := wholeValue{field, queryWords(field, folded, true)}
	begin := anyOf{inOrder{field, queryWords(field, folded, false)}}
	levels := []level{{how: howExact, m: signedAs(whole, signed, field)}}
	if other := keyed(field, names.Keys(folded), folded); len(signed) > 0 || len(other) > 0 {
		levels = append(levels, level{cost: costFolded, how: howFolded, m: append(anyOf{whole}, other...)})
	}
	for _, k := range append(names.Keys(folded), strings.ReplaceAll(folded, " ", "")) {
		if len(k) >= minKeyPrefix && hasKeys[field] {
			begin = append(begin, prefixRange(field, string(rune(kindKey))+k))
		}
	}
	return append(levels, level{cost: costPrefix, how: howPrefix, m: begin})
}

// minKeyPrefix is from how many letters on the beginning of a glued name is looked for: fewer are too much of everything.
const minKeyPrefix = 3

// unitLevels compare one name with the words of fields.
func (c *compiler) unitLevels(o origin, unit, fields []string) []level {
	var value, exact, folded, begin, sound anyOf
	text := strings.Join(unit, " ")
	keys := names.Keys(text)
	signed := lo.Filter(o.signed, func(w string, _ int) bool { return slices.Contains(unit, names.Fold(w)) })
	for _, f := range fields {
		whole := allOf{}
		for _, w := range unit {
			whole = append(whole, wholeWord{f, w})
		}
		value = append(value, signedAs(wholeValue{f, queryWords(f, text, true)}, signed, f))
		exact = append(exact, signedAs(whole, signed, f))
		folded = append(append(folded, whole), keyed(f, keys, text)...)
		begin = append(begin, inOrder{f, unit})
		for _, k := range append(slices.Clone(keys), strings.Join(unit, "")) {
			if len(k) >= minKeyPrefix && hasKeys[f] {
				begin = append(begin, prefixRange(f, string(rune(kindKey))+k))
			}
			if code := soundOf(k); code != "" && hasKeys[f] {
				sound = append(sound, anyTerm{f, []string{string(rune(kindSound)) + code}})
			}
		}
	}
	how := howExact
	if o.e.Field != annuaire.FieldName { // a word is a beginning, where the whole was asked for
		how = howPrefix
	}
	levels := []level{{how: howExact, m: value}, {cost: costWord, how: how, m: exact, covers: true}, {cost: costFolded, how: howFolded, m: folded}, {cost: costPrefix, how: howPrefix, m: begin}}
	if len(sound) > 0 && !o.mute {
		levels = append(levels, level{cost: costPhonetic, how: howPhonetic, m: sound})
	}
	if o.sure {
		return levels
	}
	return append(levels, c.mistyped(strings.Join(unit, ""), fields)...)
}

// signedAs narrows m to those who write the accents that were typed.
func signedAs(m matcher, signed []string, field string) matcher {
	if len(signed) == 0 || !hasKeys[field] {
		return m
	}
	out := allOf{m}
	for _, w := range signed {
		out = append(out, anyTerm{field, []string{string(rune(kindSigned)) + w}})
	}
	return out
}

// keyed matches the values that have one of keys, or are one, or have what was typed as a key.
func keyed(field string, keys []string, typed string) (out anyOf) {
	for _, k := range keys {
		out = append(out, wholeWord{field, k})
	}
	if hasKeys[field] {
		for _, k := range append(slices.Clone(keys), strings.ReplaceAll(typed, " ", "")) {
			out = append(out, anyTerm{field, []string{string(rune(kindKey)) + k}})
		}
	}
	return out
}
