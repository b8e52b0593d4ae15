package annuaire

import "net/url"

// Suggestion is what an unfinished text may become.
type Suggestion struct {
	Kind   SuggestionKind
	Label  string // what to show: "DUPONT Jean", "Lyon"
	Detail string // what tells it apart: "Médecin · Lyon"
	ID     string // of a person or a structure; the code of a place or a profession
	Field  Field  // of a place or a profession: the criterion it stands for; "" when it is free text
}

// Leads is the address that a suggestion leads to, below those of people and structures: the record, or the people it stands for.
func (s Suggestion) Leads(people, structures string) string {
	switch {
	case s.Kind == SuggestPerson:
		return people + "/" + url.PathEscape(s.ID)
	case s.Kind == SuggestStructure:
		return structures + "/" + url.PathEscape(s.ID)
	case s.Field == "":
		return people + "?q=" + url.QueryEscape(s.ID)
	}
	return people + "?" + string(s.Field) + "=" + url.QueryEscape(s.ID)
}

// SuggestionKind says what is suggested.
type SuggestionKind string

// The kinds, in the order in which they take turns.
const (
	SuggestPerson     SuggestionKind = "professional"
	SuggestStructure  SuggestionKind = "structure"
	SuggestPlace      SuggestionKind = "place"
	SuggestProfession SuggestionKind = "profession"
)

// SuggestionKinds lists them.
var SuggestionKinds = []SuggestionKind{SuggestPerson, SuggestStructure, SuggestPlace, SuggestProfession}
