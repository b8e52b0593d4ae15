package annuaire

// Suggestion is what an unfinished text may become.
type Suggestion struct {
	Kind   SuggestionKind
	Label  string // what to show: "DUPONT Jean", "Lyon"
	Detail string // what tells it apart: "Médecin · Lyon"
	ID     string // of a person or a structure; the code of a place or a profession
	Field  Field  // of a place or a profession: the criterion it stands for; "" when it is free text
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
