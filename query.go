package annuaire

import "time"

// Limits on what one question may ask.
const (
	DefaultLimit = 20
	MaxLimit     = 200
)

// Sort is the order of results.
type Sort string

// The orders. Relevance puts whole-value matches before prefix matches, then follows names; both are total orders that a
// Position continues.
const (
	SortRelevance Sort = "relevance"
	SortName      Sort = "name"
)

// Query is one question to the directory.
type Query struct {
	Where  Expr
	Sort   Sort      // "" is SortRelevance
	Limit  int       // items on the page, 1 to MaxLimit; 0 is DefaultLimit
	After  *Position // continue after this one
	Facets []Field   // profession, specialty, department, region, mode, sector, city
}

// Position is the place of an item in the order of its query: a key, not a count, so that pages stay right while the
// directory changes. Grade is the relevance grade (0 best; always 0 under SortName).
type Position struct {
	Grade  int    `json:"g,omitempty"`
	Family string `json:"f"` // folded; the name of a structure, the address of a mailbox
	Given  string `json:"n,omitempty"`
	ID     string `json:"i"`
}

// FacetCount is a value of a facet and the number of people found if it were added as a criterion.
type FacetCount struct {
	Coded
	Count int `json:"count"`
}

// Item is one answer: the record and why it is there. For people, Matched is the place of the first matching situation
// in Professional.Situations.
type Item[T any] struct {
	Value     T
	Mailboxes []Mailbox // published boxes of a person, preferred first
	Matched   int
	Why       []Reason // the criteria that hold, in the order of the question
}

// Reason is a criterion that holds for an answer, and how well: "exact"; "folded", but for accents, particles or where words are
// cut; "prefix"; "phonetic"; "typo".
type Reason struct {
	Field Field
	Asked string // the value of the question
	How   string
}

// Page is a page of answers. Total counts distinct records.
type Page[T any] struct {
	Items  []Item[T]
	Total  int
	Cut    bool      // the time was over before everything was looked at: there are at least Total, and better ones may be missing
	AsOf   time.Time // of the extract
	Facets map[Field][]FacetCount
	Next   *Position // nil on the last page
}
