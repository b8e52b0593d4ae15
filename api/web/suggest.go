package web

import "annuaire"

// Suggestions is what an unfinished text may become.
type Suggestions struct {
	Text  string
	Items []annuaire.Suggestion
}

// kindNames are the kinds of suggestion, as headings.
var kindNames = map[annuaire.SuggestionKind]words{
	annuaire.SuggestPerson: {"Professionnels", "Professionals"}, annuaire.SuggestStructure: {"Structures", "Structures"},
	annuaire.SuggestPlace: {"Lieux", "Places"}, annuaire.SuggestProfession: {"Professions et savoir-faire", "Professions and specialties"},
}

// suggestionGroup is the suggestions of a kind.
type suggestionGroup struct {
	Kind  annuaire.SuggestionKind
	Name  string
	Items []suggestionLine
}

type suggestionLine struct {
	Label, Detail, To string
	N                 int // place in the list, from 0
}

// Groups are the suggestions by kind, in the order of annuaire.SuggestionKinds.
func (s Suggestions) Groups(v View) (out []suggestionGroup) {
	n := 0
	for _, kind := range annuaire.SuggestionKinds {
		g := suggestionGroup{Kind: kind, Name: v.T(kindNames[kind].French, kindNames[kind].English)}
		for _, x := range s.Items {
			if x.Kind == kind {
				g.Items = append(g.Items, suggestionLine{x.Label, x.Detail, v.Link(SuggestionPath(x)), n})
				n++
			}
		}
		if len(g.Items) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// SuggestionPath is where a suggestion leads.
func SuggestionPath(x annuaire.Suggestion) string { return x.Leads(PathPeople, PathStructures) }

// Suggest makes the list under the box: a fragment of a page.
func (s *Site) Suggest(v View, of Suggestions) ([]byte, error) {
	return s.fragment(v, "suggestions", of)
}
