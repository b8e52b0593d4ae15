package web

import (
	"slices"

	"annuaire"
)

// Pair is a criterion or an option as it stands in the address of a page.
type Pair struct{ Name, Value string }

// Criterion is a criterion of the question: what to show of it, and the question without it.
type Criterion struct {
	Pair
	Label   string // of a code
	Without string // query string
}

// Choice is somewhere to go on from here, and how many are there (below 0: not counted).
type Choice struct {
	Label, Detail string
	To            string // address in French
	Count         int
	On            bool // chosen already: To is without it
	Own           bool // Label is in the language of the page, and not of the directory
}

// Facet is the values of a field among what was found.
type Facet struct {
	Field  string
	Values []Choice
}

// Aside is a part of the question that was not used, and why.
type Aside struct{ Text, French, English string }

// Fault is what is wrong with the question.
type Fault struct {
	Param, French, English string
	Nearest                string // what may have been meant
}

// Results is the page of what was found, people or structures.
type Results struct {
	About  string // PathPeople or PathStructures
	Pairs  []Pair // of the question, options included, the cursor not
	Sort   string
	Places Vocabulary

	People     []annuaire.Item[annuaire.Professional]
	Structures []annuaire.Item[annuaire.Structure]
	Total      int
	AtLeast    bool // there may be more

	Criteria []Criterion
	Facets   []Facet
	Filters  string // address of the same with its filters, which take longer to count than the results to find; "" where they are here
	Ignored  []Aside
	Near     []Choice // did you mean
	Loose    bool     // nobody is called exactly so: what follows sounds or is written alike
	Without  []Choice // nothing was found: what there is without one criterion
	Fault    *Fault

	Later          bool   // not the first page
	First, Next    string // addresses; Next is "" on the last page
	ByRank, ByName string // addresses of the two orders
	Clear          string // address without criteria
	Other          string // address of the same words among structures, or people
	JSON           string // of the same question over REST
	Asked          bool   // there is a criterion at all
}

// Vocabulary is what the form proposes: the commonest professions and savoir-faire of the data, and the départements.
type Vocabulary struct{ Professions, Specialties, Departments []string }

// Value is the first value of a parameter, for the form.
func (r Results) Value(name string) string {
	for _, p := range r.Pairs {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// Rest are the pairs that no field of the form shows: further values of a parameter, and parameters without a field. They stay as they are.
func (r Results) Rest() (out []Pair) {
	seen := map[string]bool{}
	for _, p := range r.Pairs {
		if shown := slices.Contains(formFields[r.About], p.Name); shown && !seen[p.Name] {
			seen[p.Name] = true
			continue
		}
		out = append(out, p)
	}
	return out
}

// Detailed reports whether the question has a criterion that only the detailed form shows.
func (r Results) Detailed() bool {
	return slices.ContainsFunc(r.Pairs, func(p Pair) bool { return p.Name != "q" && slices.Contains(formFields[r.About], p.Name) }) ||
		r.Fault != nil && r.Fault.Param != "" && r.Fault.Param != "q"
}

// formFields are the parameters that have a field in the form, text and detailed; the templates hold the fields.
var formFields = map[string][]string{
	PathPeople: {"q", "family", "given", "profession", "specialty", "city", "postal_code", "department", "structure", "id", "finess", "mailbox",
		"has_mailbox", "match"},
	PathStructures: {"q", "structure", "city", "postal_code", "department", "finess", "siret", "match"},
}

// Wrong is the fault of a parameter, in the language of the page; "" when it is right.
func (r Results) Wrong(v View, name string) string {
	if r.Fault == nil || r.Fault.Param != name {
		return ""
	}
	return v.T(r.Fault.French, r.Fault.English)
}

// Results makes the page of results.
func (s *Site) Results(v View, r Results) ([]byte, error) {
	title := v.T("Professionnels de santé", "Health professionals")
	if r.About == PathStructures {
		title = v.T("Structures", "Structures")
	}
	if r.Fault != nil {
		title = v.T("Erreur : ", "Error: ") + title
	} else if r.Asked {
		title = v.N(r.Total) + " " + v.T("résultats", "results") + " – " + title
	}
	if r.About == PathPeople && r.Filters == "" && r.Fault == nil {
		title = v.T("Filtrer ", "Filter ") + title
	}
	return s.render(v, "results", title, r)
}

// Filters makes the filters of a page of results: a part of it.
func (s *Site) Filters(v View, r Results) ([]byte, error) { return s.fragment(v, "filters", r) }

// Criteria makes the page with the whole form, open.
func (s *Site) Criteria(v View, r Results) ([]byte, error) {
	return s.render(v, "criteria", v.T("Recherche détaillée", "Detailed search"), r)
}
