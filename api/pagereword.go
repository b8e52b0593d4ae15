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

// Limits on rewording a text.
const (
	maxRewordWords = 6  // of the text: a longer one is not guessed at
	maxSpellings   = 3  // of a word
	maxReworded    = 10 // questions tried
	maxProposed    = 4  // and proposed
	minReword      = 4  // letters of a word that may be mistyped
)

// reworded proposes texts that have answers in place of one that has none: "martn cardilogue" may be "martin cardiologue".
func (s *Server) reworded(ctx context.Context, r *web.Results, a asked) {
	words := strings.Fields(r.Value("q"))
	if len(words) == 0 || len(words) > maxRewordWords || a.route != s.pages.people {
		return
	}
	texts := []string{""}
	for _, w := range words {
		var longer []string
		spellings := s.spellings(ctx, w)
		for _, t := range texts {
			for _, x := range spellings {
				longer = append(longer, strings.TrimSpace(t+" "+x))
			}
		}
		texts = longer[:min(len(longer), 2*maxReworded)]
	}
	tried := 0
	for _, t := range texts {
		if names.Fold(t) == names.Fold(r.Value("q")) || tried == maxReworded || len(r.Near) == maxProposed {
			continue
		}
		tried++
		other := a
		other.cursor, other.pairs = "", set(a.pairs, "q", t)
		if n := s.count(ctx, other); n > 0 {
			r.Near = append(r.Near, web.Choice{Label: t, To: at(a.route.path, other.pairs), Count: n})
		}
	}
}

// spellings are what a word may have been meant to be, the word itself where it is understood or somebody is called so.
func (s *Server) spellings(ctx context.Context, word string) (out []string) {
	folded := names.Fold(word)
	parts := freetext.Parse(word, freetext.People).Parts
	if len([]rune(folded)) < minReword || len(parts) != 1 || parts[0].Field != annuaire.FieldName {
		return []string{word}
	}
	far := 1
	if len(folded) > 6 {
		far = 2
	}
	add := func(x string) {
		if d := names.Distance(folded, names.Fold(x)); d <= far && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	for _, w := range freetext.Words() {
		for _, x := range append([]string{w.Text}, w.Others...) {
			if !strings.Contains(x, " ") {
				add(x)
			}
		}
	}
	page, err := s.dir.SearchProfessionals(ctx, annuaire.Query{Where: annuaire.Similar(annuaire.FieldName, word), Limit: annuaire.DefaultLimit})
	if err == nil {
		for _, it := range page.Items {
			for _, x := range strings.Fields(it.Value.Family + " " + it.Value.Given) {
				add(strings.ToLower(x))
			}
		}
	}
	slices.SortStableFunc(out, func(x, y string) int {
		return names.Distance(folded, names.Fold(x)) - names.Distance(folded, names.Fold(y))
	})
	if out = out[:min(len(out), maxSpellings)]; len(out) == 0 {
		return []string{word}
	}
	return out
}
