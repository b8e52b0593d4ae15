package api

import (
	"context"
	"slices"
	"strings"

	"annuaire"
	"annuaire/api/web"
	"annuaire/internal/freetext"
	"annuaire/internal/names"
)

// Limits on what is proposed to whoever did not find.
const (
	maxWithout = 6 // criteria left out, one at a time
	maxNear    = 8
	minNear    = 3 // letters of a word worth looking for
)

// nothing says why nothing was found: what there is without one criterion, and what may have been meant by words that nobody is called by.
func (s *Server) nothing(ctx context.Context, r *web.Results, v web.View, a asked) {
	without := func(label string, rest []web.Pair) {
		other := a
		other.cursor, other.pairs = "", rest
		if n := s.count(ctx, other); n > 0 {
			r.Without = append(r.Without, web.Choice{Label: label, To: at(a.route.path, rest), Count: n})
		}
	}
	for _, cr := range r.Criteria {
		if len(r.Without) < maxWithout {
			without(web.CriterionName(v, cr), except(a.pairs, cr.Pair))
		}
	}
	if text := r.Value("q"); text != "" && len(r.Criteria) > 0 && len(r.Without) < maxWithout {
		without("« "+text+" »", set(a.pairs, "q", ""))
	}
	if s.reworded(ctx, r, a); len(r.Near) > 0 {
		return
	}
	if text := r.Value("q"); text != "" && len(a.pairs) > 1 { // the other criteria are at fault too
		a.pairs = []web.Pair{{Name: "q", Value: text}}
		if s.reworded(ctx, r, a); len(r.Near) > 0 {
			return
		}
	}
	for _, name := range []string{"q", "family", "structure", "city"} {
		for _, word := range strings.Fields(r.Value(name)) {
			s.meant(ctx, r, word)
		}
	}
}

// count is how many a question finds; 0 where it fails: then it is no proposal.
func (s *Server) count(ctx context.Context, a asked) int {
	req, f := a.request()
	if f != nil || len(a.pairs) == 0 {
		return 0
	}
	req.values["limit"] = []string{"1"}
	if a.route == s.pages.structures {
		return total(ask(ctx, req, nil, s.dir.SearchStructures))
	}
	return total(ask(ctx, req, nil, s.dir.SearchProfessionals))
}

// total is how many an answer of ask has; 0 where it failed.
func total[T any](page annuaire.Page[T], _ annuaire.Query, _ freetext.Question, err error) int {
	if err != nil {
		return 0
	}
	return page.Total
}

// meant adds what a word may have been meant to be.
func (s *Server) meant(ctx context.Context, r *web.Results, word string) {
	if len([]rune(word)) < minNear || len(r.Near) >= maxNear {
		return
	}
	found, err := s.dir.Suggest(ctx, word, nil, 4)
	if err != nil {
		return
	}
	for _, x := range found {
		c := web.Choice{Label: x.Label, Detail: x.Detail, To: web.SuggestionPath(x), Count: -1}
		if len(r.Near) < maxNear && !slices.Contains(r.Near, c) {
			r.Near = append(r.Near, c)
		}
	}
}

// nearNames says that everybody found is called otherwise than was asked, and proposes the names they have.
func nearNames(r *web.Results, a asked) {
	if r.Later || len(r.People) == 0 {
		return
	}
	var near []web.Choice
	for _, it := range r.People {
		asked, alike := "", false
		for _, w := range it.Why {
			if w.Field != annuaire.FieldName && w.Field != annuaire.FieldFamily {
				continue
			}
			if w.How != "typo" && w.How != "phonetic" {
				return // somebody is called so
			}
			asked, alike = w.Asked, true
		}
		if !alike {
			return
		}
		c := web.Choice{Label: it.Value.Family, To: at(a.route.path, instead(a.pairs, asked, it.Value)), Count: -1}
		if len(near) < maxNear && !slices.ContainsFunc(near, func(x web.Choice) bool { return names.Fold(x.Label) == names.Fold(c.Label) }) {
			near = append(near, c)
		}
	}
	r.Loose, r.Near = true, near
}

// instead is the question with the name that somebody has in place of what was asked.
func instead(pairs []web.Pair, asked string, p annuaire.Professional) []web.Pair {
	out := slices.Clone(pairs)
	for i, x := range out {
		switch {
		case x.Name == "family" || x.Name == "name" && names.Fold(x.Value) == names.Fold(asked):
			out[i].Value = p.Family
			return out
		case x.Name == "q" && strings.Contains(strings.ToLower(x.Value), strings.ToLower(asked)):
			j := strings.Index(strings.ToLower(x.Value), strings.ToLower(asked))
			if j+len(asked) <= len(x.Value) {
				out[i].Value = x.Value[:j] + strings.ToLower(p.Family) + x.Value[j+len(asked):]
				return out
			}
		}
	}
	return set(pairs, "family", p.Family)
}
