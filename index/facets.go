package index

import (
	"cmp"
	"context"
	"slices"

	"annuaire"
	"annuaire/internal/codes"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/samber/lo"
)

// maxFacetValues is how many values of a facet are returned, the most frequent first.
const maxFacetValues = 50

// facetFields are the fields that can be counted.
var facetFields = map[annuaire.Field]bool{
	annuaire.FieldProfession: true, annuaire.FieldSpecialty: true, annuaire.FieldDepartment: true, annuaire.FieldRegion: true,
	annuaire.FieldMode: true, annuaire.FieldSector: true, annuaire.FieldCity: true,
}

// facet counts, for each value of a field, the people who would be found if the value were added as a criterion: within the
// situation that the query's OneActivity speaks of, and, where that already has criteria on the field, beside their values
// (repeating a parameter means any of them).
type facet struct {
	field  annuaire.Field
	spec   spec
	docs   *plan // the situations, without the criteria on the field
	people *plan // the rest of the query
	beside bool  // the query has criteria on the field: what it finds is found with any value added
}

// compileFacets prepares the facets of the query.
func (s *search) compileFacets() ([]*facet, error) {
	var out []*facet
	for _, f := range lo.Uniq(s.q.Facets) {
		sp, ok := s.sets.schema[f]
		if !ok || !facetFields[f] {
			return nil, annuaire.Invalid("facets", "%q ne se compte pas", "%q cannot be counted", f)
		}
		if f == annuaire.FieldCity { // counted by commune
			sp = s.sets.schema[annuaire.FieldINSEE]
		}
		one, rest := s.split()
		own, others := lo.FilterReject(one, func(e annuaire.Expr, _ int) bool { return isOn(e, f) })
		fc := &facet{field: f, spec: sp, beside: len(own) > 0}
		var err error
		if fc.docs, err = s.comp.group(planAnd, others, false, false, true); err != nil {
			return nil, err
		}
		if fc.people, err = s.comp.group(planAnd, rest, false, false, false); err != nil {
			return nil, err
		}
		out = append(out, fc)
	}
	return out, nil
}

// split returns the criteria of the first OneActivity that the query requires, and the others it requires. A flat record is
// one situation: all its criteria are of the first kind.
func (s *search) split() (one, rest []annuaire.Expr) {
	all := flatten(s.q.Where)
	if s.sets.flat != "" {
		return all, nil
	}
	for i, e := range all {
		if e.Op == annuaire.OpOneActivity {
			return flatten(annuaire.Expr{Op: annuaire.OpAnd, Args: e.Args}), slices.Delete(all, i, i+1)
		}
	}
	return nil, all
}

// flatten returns the arguments of a conjunction, those of nested conjunctions in their place.
func flatten(e annuaire.Expr) []annuaire.Expr {
	if e.Op != annuaire.OpAnd {
		return []annuaire.Expr{e}
	}
	var out []annuaire.Expr
	for _, a := range e.Args {
		out = append(out, flatten(a)...)
	}
	return out
}

// isOn reports whether e is a value of f, or any of several.
func isOn(e annuaire.Expr, f annuaire.Field) bool {
	if e.Op == annuaire.OpOr {
		return len(e.Args) > 0 && lo.EveryBy(e.Args, func(a annuaire.Expr) bool { return isOn(a, f) })
	}
	return len(e.Args) == 0 && e.Field == f
}

// facets counts on what the query has found.
func (s *search) facets(total int) (map[annuaire.Field][]annuaire.FacetCount, error) {
	if len(s.facetPlans) == 0 {
		return nil, nil
	}
	out := map[annuaire.Field][]annuaire.FacetCount{}
	for _, f := range s.facetPlans {
		more, err := s.tally(f)
		if err != nil {
			return nil, err
		}
		base := 0
		if f.beside {
			base = total
		}
		counts := lo.MapToSlice(more, func(code string, n int) annuaire.FacetCount {
			return annuaire.FacetCount{Coded: annuaire.Coded{Code: code, Label: codes.Label(f.field, code)}, Count: base + n}
		})
		slices.SortFunc(counts, func(a, b annuaire.FacetCount) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
		})
		out[f.field] = counts[:min(maxFacetValues, len(counts))]
	}
	return out, nil
}

// tally counts every value of a facet.
func (s *search) tally(f *facet) (map[string]int, error) {
	more := map[string]int{}
	for i, v := range s.views {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		if err := s.count(f, v, s.found[i].all, more); err != nil {
			return nil, err
		}
	}
	return more, nil
}

// count adds to more, for each value of f in a segment, the people it would add to those already found.
func (s *search) count(f *facet, v *view, found *roaring.Bitmap, more map[string]int) error {
	within, err := v.eval(f.docs, true)
	if err != nil || len(within) == 0 {
		return err
	}
	docs := within.all()
	if len(f.people.args) > 0 {
		heads, err := v.eval(f.people, false)
		if err != nil {
			return err
		}
		docs = roaring.And(docs, v.groups.spread(heads.all()))
	}
	if docs = v.live(docs); docs.IsEmpty() {
		return nil
	}
	col, err := v.facets.column(v, f.spec)
	if err != nil {
		return err
	}
	if !f.beside {
		col.count(v.groups, docs, more, 1)
		return nil
	}
	among := v.groups.spread(found)
	col.count(v.groups, roaring.And(docs, among), more, 0) // found already: they only show that the value is there
	col.count(v.groups, roaring.AndNot(docs, among), more, 1)
	return nil
}

// Sizes counts the records of each value of a field that can be a facet, all values: what a change is measured against.
func (r Records) Sizes(ctx context.Context, f annuaire.Field) (map[string]int, error) {
	s, err := r.search(ctx, annuaire.Query{Facets: []annuaire.Field{f}})
	if err != nil {
		return nil, err
	}
	defer s.release()
	if err := s.look(new(Result)); err != nil {
		return nil, err
	}
	return s.tally(s.facetPlans[0])
}
