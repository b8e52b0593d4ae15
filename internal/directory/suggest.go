package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/freetext"
	"annuaire/internal/names"
	"annuaire/internal/pipeline"
	"annuaire/internal/store"
)

// briefly is what suggestions work on, beside what searches have: no search is waited for. With all of them at once each would take as long as all.
var briefly = pipeline.NewTurns()

// minTyped is from how many letters on something is suggested.
const minTyped = 2

// Suggest returns up to n things that an unfinished text may become, kinds taking turns, each thing once. The last word of the text may
// be unfinished; nothing is suggested for a single letter.
func (d *Directory) Suggest(ctx context.Context, text string, kinds []annuaire.SuggestionKind, n int) ([]annuaire.Suggestion, error) {
	words := strings.Fields(names.Fold(text))
	if len(strings.Join(words, "")) < minTyped {
		return nil, nil
	}
	end, err := briefly.Take(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	g, release, err := d.hold()
	if err != nil {
		return nil, err
	}
	defer release()
	found := make([][]annuaire.Suggestion, 0, len(annuaire.SuggestionKinds))
	for _, k := range annuaire.SuggestionKinds {
		if len(kinds) > 0 && !slices.Contains(kinds, k) {
			continue
		}
		var some []annuaire.Suggestion
		switch k {
		case annuaire.SuggestPerson:
			some, err = g.suggestPeople(ctx, freetext.Untitled(words), n)
		case annuaire.SuggestStructure:
			some, err = g.suggestStructures(ctx, words, n)
		case annuaire.SuggestPlace:
			some = suggestPlaces(text, n)
		case annuaire.SuggestProfession:
			some = suggestProfessions(words, n)
		}
		if err != nil {
			return nil, err
		}
		found = append(found, some)
	}
	return takeTurns(found, n), nil
}

// takeTurns mixes lists, one of each at a time.
func takeTurns(lists [][]annuaire.Suggestion, n int) (out []annuaire.Suggestion) {
	for i := 0; len(out) < n; i++ {
		more := false
		for _, l := range lists {
			if i < len(l) && len(out) < n {
				out, more = append(out, l[i]), true
			}
		}
		if !more {
			break
		}
	}
	return out
}

// fewPeople is below how many people found as typed those are looked for whose names sound alike or were mistyped.
const fewPeople = 3

// minGuessed is from how many letters on the last word may be mistyped: a shorter one is still being typed.
const minGuessed = 5

func (g *Generation) suggestPeople(ctx context.Context, words []string, n int) ([]annuaire.Suggestion, error) {
	var ids []string
	var err error
	text := strings.Join(words, " ")
	if id := strings.Join(words, ""); strings.Trim(id, "0123456789") == "" {
		ids, err = g.People.Some(ctx, annuaire.Or(annuaire.Prefix(annuaire.FieldID, id), annuaire.Prefix(annuaire.FieldID, "8"+id)), n)
	} else if len(words) == 1 {
		if ids, err = g.People.Beginning(ctx, text, n); err == nil && len(ids) < n {
			var more []string
			more, err = g.People.Some(ctx, annuaire.Prefix(annuaire.FieldGiven, text), n)
			ids = append(ids, more...)
		}
	} else {
		ids, err = g.People.Some(ctx, annuaire.Prefix(annuaire.FieldName, text), n)
	}
	if err == nil && len(ids) < fewPeople && len(words[len(words)-1]) >= minGuessed {
		var more []string
		more, err = g.alike(ctx, text, n)
		ids = append(ids, more...)
	}
	if err != nil {
		return nil, err
	}
	var out []annuaire.Suggestion
	err = g.Store.Read(func(r store.Reader) error {
		seen := map[string]bool{}
		for _, id := range ids {
			p, ok, err := r.Person(id)
			if err != nil {
				return err
			}
			if ok && !seen[id] && len(out) < n {
				labelPerson(&p)
				seen[id], out = true, append(out, personSuggestion(p))
			}
		}
		return nil
	})
	return out, err
}

// alike finds those whose names sound like the text, or were mistyped: few were found as typed, so that this is no everyday question.
func (g *Generation) alike(ctx context.Context, text string, n int) ([]string, error) {
	res, err := g.People.Search(ctx, annuaire.Query{Where: annuaire.Similar(annuaire.FieldName, text), Limit: n})
	ids := make([]string, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	return ids, err
}

func personSuggestion(p annuaire.Professional) annuaire.Suggestion {
	var detail []string
	if len(p.Practices) > 0 {
		detail = append(detail, p.Practices[0].Profession.Label)
		if s := p.Practices[0].Specialties; len(s) > 0 {
			detail = append(detail, s[0].Label)
		}
	}
	if len(p.Activities) > 0 && p.Activities[0].Address != nil {
		detail = append(detail, p.Activities[0].Address.City)
	}
	return annuaire.Suggestion{Kind: annuaire.SuggestPerson, Label: strings.TrimSpace(p.Family + " " + p.Given), Detail: join(detail), ID: p.ID}
}

func (g *Generation) suggestStructures(ctx context.Context, words []string, n int) ([]annuaire.Suggestion, error) {
	var ids []string
	var err error
	if id := strings.ToUpper(strings.Join(words, "")); len(id) >= 3 && strings.Trim(id, "0123456789AB") == "" && id[0] >= '0' && id[0] <= '9' {
		ids, err = g.Places.Structures.Some(ctx, annuaire.Prefix(annuaire.FieldFINESS, id), n)
	} else if len(words) == 1 {
		ids, err = g.Places.Structures.Beginning(ctx, words[0], n)
	} else {
		ids, err = g.Places.Structures.Some(ctx, annuaire.Prefix(annuaire.FieldStructure, strings.Join(words, " ")), n)
	}
	if err != nil {
		return nil, err
	}
	var out []annuaire.Suggestion
	err = g.Store.Read(func(r store.Reader) error {
		for _, id := range ids {
			s, ok, err := r.Structure(id)
			if err != nil {
				return err
			}
			if !ok { // has gone since: the others are suggested all the same
				continue
			}
			city := ""
			if s.Address != nil {
				city = s.Address.City
			}
			out = append(out, annuaire.Suggestion{Kind: annuaire.SuggestStructure, Label: cmp.Or(s.Name, s.TradeName), Detail: city, ID: s.ID})
		}
		return nil
	})
	return out, err
}

func join(parts []string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}
