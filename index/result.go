package index

import "annuaire"

// Hit is one answer.
type Hit struct {
	ID        string // IdNatPP; of a structure its technical id, of a mailbox its address
	Situation int    // place of the first matching situation in annuaire.Professional.Situations
	Grade     int    // what the match costs; 0: every text criterion matched whole values
	Family    string // folded: with Given and ID, the place in the order of names
	Given     string
	Why       []annuaire.Reason
}

// Result is a page of answers. Total counts distinct people (or structures, or mailboxes); Next continues after the last hit,
// nil when there is no more. Facet values carry a label where a table knows one.
type Result struct {
	Total   int
	AtLeast bool // the time was over before every segment was looked at
	Hits    []Hit
	Next    *annuaire.Position
	Facets  map[annuaire.Field][]annuaire.FacetCount
	Seq     uint64 // of the log, up to which the index was when it answered
}

func positionAfter(h Hit) *annuaire.Position {
	return &annuaire.Position{Grade: h.Grade, Family: h.Family, Given: h.Given, ID: h.ID}
}
