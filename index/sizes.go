package index

import (
	"context"

	"annuaire"
)

// Sizes counts the people of each value of a field that can be a facet, all values: what a change is measured against.
func (p *People) Sizes(ctx context.Context, f annuaire.Field) (map[string]int, error) {
	return p.e.sizes(ctx, f, people)
}

// StructureSizes is Sizes for structures.
func (p *Places) StructureSizes(ctx context.Context, f annuaire.Field) (map[string]int, error) {
	return p.e.sizes(ctx, f, structures)
}

func (e *engine) sizes(ctx context.Context, f annuaire.Field, set *schemaSet) (map[string]int, error) {
	snap, release, err := e.snapshot()
	if err != nil {
		return nil, err
	}
	defer release()
	s := &search{e: e, ctx: ctx, q: annuaire.Query{Limit: 1, Facets: []annuaire.Field{f}}, sets: set}
	if s.views, err = e.segments.views(snap); err != nil {
		return nil, err
	}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	if err := s.look(new(Result)); err != nil {
		return nil, err
	}
	return s.tally(s.facetPlans[0])
}
