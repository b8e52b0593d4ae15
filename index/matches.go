package index

import (
	"context"
	"slices"
	"strings"

	"annuaire"
)

// Matches returns the ids of everyone of whom where is true, sorted. It takes about thirty bytes of memory per person.
func (p *People) Matches(ctx context.Context, where annuaire.Expr) ([]string, error) {
	return p.e.matches(ctx, where, people)
}

// StructuresMatching is Matches for structures.
func (p *Places) StructuresMatching(ctx context.Context, where annuaire.Expr) ([]string, error) {
	return p.e.matches(ctx, where, structures)
}

// MailboxesMatching is Matches for mailboxes; their ids are their addresses.
func (p *Places) MailboxesMatching(ctx context.Context, where annuaire.Expr) ([]string, error) {
	return p.e.matches(ctx, where, mailboxes)
}

func (e *engine) matches(ctx context.Context, where annuaire.Expr, set *schemaSet) ([]string, error) {
	snap, release, err := e.snapshot()
	if err != nil {
		return nil, err
	}
	defer release()
	s := &search{e: e, ctx: ctx, q: annuaire.Query{Where: where}, sets: set, enough: enough}
	if s.views, err = e.segments.views(snap); err != nil {
		return nil, err
	}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	end, err := turn(ctx)
	if err != nil {
		return nil, err
	}
	var res Result
	err = s.look(&res)
	end() // who reads the ids takes longer
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, res.Total)
	for i, v := range s.views {
		it := s.found[i].all.Iterator()
		for n := 0; it.HasNext(); n++ {
			if n%4096 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			id, _, err := v.stored(it.Next())
			if err != nil {
				return nil, err
			}
			ids = append(ids, strings.TrimPrefix(id, set.prefix))
		}
	}
	slices.Sort(ids)
	return ids, nil
}
