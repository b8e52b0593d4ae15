package index

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"annuaire"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// facetValues are the codes that people of the world can have.
var facetValues = map[annuaire.Field][]string{
	"profession": worldProfessions, "specialty": worldSkills, "department": {"69", "75", "42", "67"}, "region": {"84", "11", "44"},
	"mode": {"S", "L", "B"}, "sector": {"SA01", "SA07", "SA04"}, "city": {"69383", "69387", "69123", "75112", "75056", "42218", "67482"},
}

// withValue is the question a user asks by clicking on a value: the criteria on the field, if any, accept it too; alone replaces
// them by it.
func withValue(e annuaire.Expr, f annuaire.Field, v string, alone bool) annuaire.Expr {
	args := []annuaire.Expr{e}
	if e.Op == annuaire.OpAnd {
		args = slices.Clone(e.Args)
	}
	value := annuaire.Equals(f, v)
	for i, a := range args {
		if a.Op != annuaire.OpOneActivity {
			continue
		}
		var own, others []annuaire.Expr
		for _, c := range a.Args {
			if c.Field == f || c.Op == annuaire.OpOr && c.Args[0].Field == f {
				own = append(own, c)
			} else {
				others = append(others, c)
			}
		}
		if len(own) > 0 && !alone {
			value = annuaire.Or(annuaire.Expr{Op: annuaire.OpAnd, Args: own}, value)
		}
		args[i] = annuaire.OneActivity(append(others, value)...)
		return annuaire.Expr{Op: annuaire.OpAnd, Args: args}
	}
	return annuaire.Expr{Op: annuaire.OpAnd, Args: append(args, annuaire.OneActivity(value))}
}

func TestAFacetCountsThePeopleFoundIfTheValueWereAdded(t *testing.T) {
	w := newWorld(4, 200)
	p, _ := w.build(t)
	m := model{w.people}
	rapid.Check(t, func(t *rapid.T) {
		e := drawREST(t)
		f := rapid.SampledFrom([]annuaire.Field{"profession", "specialty", "department", "region", "mode", "sector", "city"}).Draw(t, "facet")
		r, err := p.Search(context.Background(), annuaire.Query{Where: e, Facets: []annuaire.Field{f}})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{}
		for _, v := range facetValues[f] {
			if len(m.find(withValue(e, f, v, true))) > 0 {
				want[v] = len(m.find(withValue(e, f, v, false)))
			}
		}
		got := map[string]int{}
		for _, c := range r.Facets[f] {
			got[c.Code] = c.Count
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("%s of %+v: -want +got\n%s", f, e, diff)
		}
		sorted := slices.IsSortedFunc(r.Facets[f], func(a, b annuaire.FacetCount) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
		})
		if !sorted {
			t.Fatalf("not by count, then code: %v", r.Facets[f])
		}
	})
}

func TestFacetsCarryLabels(t *testing.T) {
	w := newWorld(5, 60)
	p, _ := w.build(t)
	r, err := p.Search(context.Background(), annuaire.Query{Facets: []annuaire.Field{"profession", "department", "region", "city", "mode"}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[annuaire.Field]annuaire.Coded{"profession": {Code: "10", Label: "Médecin"}, "department": {Code: "69", Label: "Rhône"},
		"region": {Code: "84", Label: "Auvergne-Rhône-Alpes"}, "city": {Code: "69123", Label: "Lyon"}, "mode": {Code: "L", Label: "Libéral"}}
	for f, c := range want {
		if !slices.ContainsFunc(r.Facets[f], func(g annuaire.FacetCount) bool { return g.Coded == c }) {
			t.Errorf("%s: no %v in %v", f, c, r.Facets[f])
		}
	}
}

func TestAFieldThatCannotBeCountedIsRefused(t *testing.T) {
	p, _ := newWorld(5, 5).build(t)
	for _, f := range []annuaire.Field{"family", "kind", "nope"} {
		if _, err := p.Search(context.Background(), annuaire.Query{Facets: []annuaire.Field{f}}); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Errorf("%s: %v", f, err)
		}
	}
}
