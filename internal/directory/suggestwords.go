package directory

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"annuaire"
	"annuaire/internal/freetext"
	"annuaire/internal/geo"
	"annuaire/internal/names"
	"annuaire/internal/nomenclature"
)

// suggestPlaces suggests towns, the most populous first, then departements and regions.
func suggestPlaces(text string, n int) (out []annuaire.Suggestion) {
	for _, code := range geo.CitiesWithPrefix(text) {
		c, ok := geo.ByINSEE(code)
		if !ok || c.Parent != "" && len(out) > 0 {
			continue
		}
		dep, _ := geo.DepartmentName(c.Department)
		out = append(out, annuaire.Suggestion{Kind: annuaire.SuggestPlace, Label: c.Name, Detail: dep + " (" + c.Department + ")", ID: code, Field: annuaire.FieldCity})
		if len(out) == n {
			break
		}
	}
	folded := names.Fold(text)
	var divisions []annuaire.Suggestion
	for _, code := range geo.Departments() {
		if name, _ := geo.DepartmentName(code); strings.HasPrefix(names.Fold(name), folded) || strings.ToLower(code) == folded {
			divisions = append(divisions, annuaire.Suggestion{Kind: annuaire.SuggestPlace, Label: name, Detail: "département " + code, ID: code, Field: annuaire.FieldDepartment})
		}
	}
	for _, code := range geo.Regions() {
		if name, _ := geo.RegionName(code); strings.HasPrefix(names.Fold(name), folded) {
			divisions = append(divisions, annuaire.Suggestion{Kind: annuaire.SuggestPlace, Label: name, Detail: "région", ID: code, Field: annuaire.FieldRegion})
		}
	}
	if len(divisions) > 0 { // after the biggest town
		out = slices.Insert(out, min(1, len(out)), divisions...)
	}
	return out[:min(n, len(out))]
}

// trade is something a person may be, by what it is called.
type trade struct {
	folded string
	annuaire.Suggestion
}

// trades is the everyday words and the labels of professions and savoir-faire.
var trades = sync.OnceValue(func() (out []trade) {
	seen := map[string]bool{}
	add := func(said, label, detail, id string, f annuaire.Field) {
		folded := names.Fold(said)
		if !seen[folded] && folded != "" {
			seen[folded] = true
			out = append(out, trade{folded, annuaire.Suggestion{Kind: annuaire.SuggestProfession, Label: label, Detail: detail, ID: id, Field: f}})
		}
	}
	for _, w := range freetext.Words() {
		for _, said := range append([]string{w.Text}, w.Others...) {
			add(said, said, w.Text, said, "")
		}
	}
	for _, t := range []struct {
		table  nomenclature.Table
		field  annuaire.Field
		detail string
	}{{nomenclature.Profession, annuaire.FieldProfession, "profession"}, {nomenclature.Skill, annuaire.FieldSpecialty, "savoir-faire"}} {
		for _, code := range nomenclature.Codes(t.table) {
			if nomenclature.Closed(t.table, code) == "" {
				label, _ := nomenclature.Label(t.table, code)
				add(label, label, t.detail, code, t.field)
			}
		}
	}
	return out
})

// suggestProfessions suggests what begins with the words, then what has a word that does; the shortest first.
func suggestProfessions(words []string, n int) (out []annuaire.Suggestion) {
	text := strings.Join(words, " ")
	type hit struct {
		rank int
		trade
	}
	var hits []hit
	for _, t := range trades() {
		switch {
		case strings.HasPrefix(t.folded, text):
			hits = append(hits, hit{0, t})
		case strings.Contains(t.folded, " "+text):
			hits = append(hits, hit{1, t})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Or(a.rank-b.rank, len(a.folded)-len(b.folded)) })
	stands := map[string]bool{} // one suggestion for each thing meant
	for _, h := range hits {
		key := h.Detail
		if h.Field != "" {
			key = string(h.Field) + h.ID
		}
		if !stands[key] && len(out) < n {
			stands[key], out = true, append(out, h.Suggestion)
		}
	}
	return out
}
