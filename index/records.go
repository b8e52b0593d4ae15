package index

import (
	"context"

	"annuaire"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Records are the records of one kind in an index: people, structures or mailboxes. A question sees one state of the directory from its first
// to its last segment. Errors of whatever takes an annuaire.Expr: CodeInvalid names in Op the field whose value is not understood; the error of
// ctx when it ends first.
type Records struct {
	e   *engine
	set *schemaSet
}

// schemaSet is a kind of record: what it answers to, and which documents it is made of.
type schemaSet struct {
	schema schema
	begins string // the field whose words Beginning looks at; "" for mailboxes
	flat   string // the term of its documents in the places index; "" for people
	prefix string // of their document ids
	cards  bool   // each keeps a card
}

// reading is one state of an index, until it is released.
type reading struct {
	snap    *scorch.IndexSnapshot
	views   []*view
	release func()
}

// read takes the current state; flat narrows it to one kind of document.
func (e *engine) read(flat string) (*reading, error) {
	snap, release, err := e.snapshot()
	if err != nil {
		return nil, err
	}
	views, err := e.segments.views(snap)
	if err == nil && flat != "" {
		err = narrowToKind(views, flat)
	}
	if err != nil {
		release()
		return nil, err
	}
	return &reading{snap, views, release}, nil
}

// search compiles a question for the current state of the index, which is to be released.
func (r Records) search(ctx context.Context, q annuaire.Query) (*search, error) {
	s := &search{e: r.e, ctx: ctx, q: q, sets: r.set, enough: enough}
	return s, s.open()
}
