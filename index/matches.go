package index

import (
	"context"
	"slices"
	"strings"

	"annuaire"
)

// Matches returns the ids of everyone of whom where is true, sorted. It takes about thirty bytes of memory per record.
func (r Records) Matches(ctx context.Context, where annuaire.Expr) ([]string, error) {
	s, err := r.search(ctx, annuaire.Query{Where: where})
	if err != nil {
		return nil, err
	}
	defer s.release()
	end, err := turns.Take(ctx)
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
		it, stored := s.found[i].all.Iterator(), newStoredReader(v.seg)
		for n := 0; it.HasNext(); n++ {
			if n%4096 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err := stored.read(it.Next()); err != nil {
				return nil, err
			}
			ids = append(ids, strings.TrimPrefix(string(stored.id), r.set.prefix))
		}
	}
	slices.Sort(ids)
	return ids, nil
}
