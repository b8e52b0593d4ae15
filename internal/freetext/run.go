package freetext

import (
	"strings"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/geo"
	"annuaire/internal/names"
)

// run reads words that nothing is known of: the name of somebody; or each its own, a name, a word of the name of a structure, a town that
// is being typed or is mistyped. alone says that there is nothing else in the text, last that nothing comes after.
func (q *Question) run(tokens []token, alone, last bool) {
	for end := len(tokens) - 1; end > 0 && stops[tokens[end].word] && !letter(tokens, end) && !(last && articles[tokens[end].word]); end-- {
		tokens = tokens[:end] // "cabinet de dupont et"; but somebody is called Le Du
	}
	if len(tokens) == 0 || len(tokens) == 1 && stops[tokens[0].word] && !alone {
		return
	}
	said, text := typed(tokens), folded(tokens)
	var units [][]string
	for _, u := range names.Units(strings.Fields(text)) {
		if len(u) > 1 || !stops[u[0]] || len(tokens) == 1 || len(u[0]) == 1 && letter(tokens, len(tokens)-1) {
			units = append(units, u)
		}
	}
	if len(units) == 0 {
		return
	}
	if q.target == Structures {
		q.add(span{text: said, part: Part{Text: said, Field: annuaire.FieldStructure, Value: text}, unknown: true,
			where: annuaire.Or(append(towns(text), annuaire.Similar(annuaire.FieldStructure, text))...)})
		return
	}
	var where annuaire.Expr
	if len(units) == 1 {
		where = q.oneOf(said, units[0])
		if rest := tokens[1:]; letter(tokens, 0) { // "d martin" is D'Martin, or somebody whose given name begins with it
			martin := annuaire.And(q.oneOf(typed(rest), units[0][1:]), initial(tokens[0].word))
			where = annuaire.Or(annuaire.Prefix(annuaire.FieldFamily, text), martin)
		}
	} else {
		each := make([]annuaire.Expr, len(units))
		for i, u := range units {
			each[i] = q.oneOf(strings.Join(u, " "), u)
		}
		mixed := annuaire.And(each...)
		mixed.Cost, mixed.Guess = costMixed, true
		where = annuaire.Or(annuaire.Similar(annuaire.FieldName, said), mixed)
	}
	q.add(span{text: said, part: Part{Text: said, Field: annuaire.FieldName, Value: text}, where: where, unknown: true, named: len(units) == 1})
}

// oneOf reads a name on its own.
func (q *Question) oneOf(said string, unit []string) annuaire.Expr {
	alts := []annuaire.Expr{annuaire.Similar(annuaire.FieldName, said), q.called(bare(unit), costStructure, true)}
	return annuaire.Or(append(alts, towns(strings.Join(unit, " "))...)...) // "de la tour" is not Tours; "la rochell" is La Rochelle
}

// bare returns the words of a unit that the name of a structure must have.
func bare(unit []string) string {
	var out []string
	for _, w := range unit {
		if !stops[w] {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		out = unit
	}
	return strings.Join(out, " ")
}

// maxTowns is how many towns an unfinished or mistyped word may be.
const maxTowns = 3

// towns is the big towns that a word may be, unfinished or mistyped.
func towns(text string) (out []annuaire.Expr) {
	if len(text) < 4 {
		return nil
	}
	var codes []string
	for _, code := range geo.CitiesWithPrefix(text) {
		if town, _ := geo.ByINSEE(code); strings.HasPrefix(names.Fold(town.Name), text) {
			codes = append(codes, code)
		}
	}
	for _, a := range geo.Like(text) {
		codes = append(codes, a.Codes...)
	}
	for _, code := range lo.Uniq(codes) {
		if town, ok := geo.ByINSEE(code); ok && town.Population >= bigTown && town.Parent == "" && len(out) < maxTowns {
			e := annuaire.Equals(annuaire.FieldCity, code)
			e.Cost, e.Guess = costPlace, true
			out = append(out, e)
		}
	}
	return out
}
