package index

import (
	"context"
	"fmt"
	"testing"

	"annuaire"
)

func TestSmoke(t *testing.T) {
	dir := t.TempDir() + "/p"
	b, err := CreatePeople(dir)
	if err != nil {
		t.Fatal(err)
	}
	p1 := &annuaire.Professional{ID: "899000000001", Family: "DE LA TOUR", Given: "Zélie",
		Practices: []annuaire.Practice{{Profession: annuaire.Coded{Code: "10"}, Category: annuaire.Coded{Code: "C"}}},
		Activities: []annuaire.Activity{
			{Profession: "10", Category: "C", Mode: annuaire.Coded{Code: "L"}, Address: &annuaire.Address{City: "LYON", INSEE: "69383", PostalCode: "69003", Department: annuaire.Coded{Code: "69"}}},
			{Profession: "10", Category: "C", Mode: annuaire.Coded{Code: "S"}, Address: &annuaire.Address{City: "PARIS", INSEE: "75112", PostalCode: "75012", Department: annuaire.Coded{Code: "75"}}},
		}}
	p2 := &annuaire.Professional{ID: "899000000002", Family: "TOUR", Given: "Jean",
		Practices: []annuaire.Practice{{Profession: annuaire.Coded{Code: "60"}, Category: annuaire.Coded{Code: "C"}}}}
	for _, p := range []*annuaire.Professional{p1, p2} {
		if err := b.Add(PersonDoc{Person: p}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Finish(7); err != nil {
		t.Fatal(err)
	}
	p, err := OpenPeople(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, e := range []annuaire.Expr{
		{}, annuaire.Equals("family", "de-la tour"), annuaire.Prefix("family", "tour"), annuaire.Prefix("family", "la to"),
		annuaire.OneActivity(annuaire.Equals("profession", "médecin"), annuaire.Equals("city", "Paris")),
		annuaire.OneActivity(annuaire.Equals("mode", "L"), annuaire.Equals("city", "Paris")),
		annuaire.OneActivity(annuaire.Equals("mode", "S"), annuaire.Equals("city", "Paris")),
		annuaire.Not(annuaire.Equals("mode", "S")),
	} {
		r, err := p.Search(context.Background(), annuaire.Query{Where: e})
		fmt.Printf("%+v %v\n", r, err)
	}
	_, err = p.Search(context.Background(), annuaire.Query{Where: annuaire.Equals("profession", "medcin")})
	fmt.Println(err)
	fmt.Println(p.Seq())
	fmt.Println(p.Apply(8, nil, []string{"899000000001"}))
	fmt.Println(p.Count())
}
