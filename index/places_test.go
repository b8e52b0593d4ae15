package index

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"annuaire"

	"github.com/google/go-cmp/cmp"
)

func somePlaces() ([]annuaire.Structure, []annuaire.Mailbox) {
	mende := &annuaire.Address{City: "Mende", INSEE: "48095", PostalCode: "48000", Street: "12 RUE DES LILAS", Department: annuaire.Coded{Code: "48"}, Region: annuaire.Coded{Code: "76"}}
	lyon := &annuaire.Address{City: "LYON", INSEE: "69383", PostalCode: "69003", Department: annuaire.Coded{Code: "69"}, Region: annuaire.Coded{Code: "84"}}
	structures := []annuaire.Structure{
		{ID: "F010000001", Name: "CENTRE HOSPITALIER DE MENDE", FINESS: "010000001", FINESSEJ: "010000009", Sector: annuaire.Coded{Code: "SA01"}, Address: mende},
		{ID: "C12345678900011", Name: "SELARL MARTIN", TradeName: "PHARMACIE DU CENTRE", SIRET: "12345678900011", Sector: annuaire.Coded{Code: "SA33"}, Address: lyon},
		{ID: "R10000000000001", TradeName: "CABINET"},
	}
	mailboxes := []annuaire.Mailbox{
		{Address: "zelie.exemple@medecin.formation.mssante.fr", Kind: annuaire.KindPER, Owners: []string{"899012345679"}, Family: "EXEMPLE", Given: "Zélie", Profession: annuaire.Coded{Code: "10"}},
		{Address: "accueil@ch-mende.formation.mssante.fr", Kind: annuaire.KindORG, Description: "Secrétariat de nuit", Attachments: []annuaire.Attachment{{ID: "010000001", Name: "CH DE MENDE", Service: "Urgences adultes", Address: mende}, {ID: "12345678900011", Address: lyon}}},
	}
	return structures, mailboxes
}

func buildPlaces(t testing.TB) (*Places, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "places")
	b, err := CreatePlaces(dir)
	if err != nil {
		t.Fatal(err)
	}
	structures, mailboxes := somePlaces()
	for _, s := range structures {
		if err := b.AddStructure(s); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range mailboxes {
		if err := b.AddMailbox(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Finish(5); err != nil {
		t.Fatal(err)
	}
	return openPlaces(t, dir), dir
}

func openPlaces(t testing.TB, dir string) *Places {
	t.Helper()
	p, err := OpenPlaces(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func idsOf(r Result) (ids []string) {
	for _, h := range r.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}

func TestStructuresAreFoundByTheirCriteria(t *testing.T) {
	p, _ := buildPlaces(t)
	hospital, pharmacy, cabinet := "F010000001", "C12345678900011", "R10000000000001"
	tests := []struct {
		name string
		e    annuaire.Expr
		want []string
	}{
		{"all, by name", annuaire.Expr{}, []string{cabinet, hospital, pharmacy}},
		{"name", annuaire.Equals("structure", "Centre hospitalier de Mende"), []string{hospital}},
		{"words of a name, or of a trade name", annuaire.Prefix("structure", "centre"), []string{hospital, pharmacy}},
		{"technical id", annuaire.Equals("structure_id", pharmacy), []string{pharmacy}},
		{"technical id as id", annuaire.Equals("id", pharmacy), []string{pharmacy}},
		{"legal entity", annuaire.Equals("finess", "010000009"), []string{hospital}},
		{"siret", annuaire.Equals("siret", "123 456 789 00011"), []string{pharmacy}},
		{"siren inside of the siret", annuaire.Equals("siren", "123456789"), []string{pharmacy}},
		{"city with its arrondissements", annuaire.Equals("city", "lyon"), []string{pharmacy}},
		{"department by name", annuaire.Equals("department", "Lozère"), []string{hospital}},
		{"setting", annuaire.Equals("setting", "hopital"), []string{hospital}},
		{"no address", annuaire.Not(annuaire.Present("city")), []string{cabinet}},
		{"together", annuaire.And(annuaire.Prefix("structure", "centre"), annuaire.Not(annuaire.Equals("region", "84"))), []string{hospital}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := p.Structures.Search(context.Background(), annuaire.Query{Where: tt.e, Sort: annuaire.SortName})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, idsOf(r)); diff != "" || r.Total != len(tt.want) {
				t.Errorf("total %d: -want +got\n%s", r.Total, diff)
			}
		})
	}
}

func TestMailboxesAreFoundByTheirCriteria(t *testing.T) {
	p, _ := buildPlaces(t)
	zelie, desk := "zelie.exemple@medecin.formation.mssante.fr", "accueil@ch-mende.formation.mssante.fr"
	tests := []struct {
		name string
		e    annuaire.Expr
		want []string
	}{
		{"all, by address", annuaire.Expr{}, []string{desk, zelie}},
		{"address in any case", annuaire.Equals("mailbox", "Zelie.Exemple@medecin.formation.mssante.fr"), []string{zelie}},
		{"beginning of an address", annuaire.Prefix("mailbox", "acc"), []string{desk}},
		{"part of an address", annuaire.Expr{Op: annuaire.OpContains, Field: "mailbox", Value: "mende"}, []string{desk}},
		{"kind", annuaire.Equals("kind", "ORG"), []string{desk}},
		{"holder by RPPS", annuaire.Equals("id", "99012345679"), []string{zelie}},
		{"name of the holder", annuaire.Prefix("name", "exem zel"), []string{zelie}},
		{"profession", annuaire.Equals("profession", "médecin"), []string{zelie}},
		{"structure", annuaire.Prefix("structure", "ch men"), []string{desk}},
		{"service", annuaire.Prefix("description", "urgences"), []string{desk}},
		{"description, whatever its accents", annuaire.Prefix("description", "secretariat nuit"), []string{desk}},
		{"a service is not the name of a structure", annuaire.Prefix("structure", "urgences"), nil},
		{"a box without either", annuaire.Prefix("description", "exemple"), nil},
		{"finess", annuaire.Equals("finess", "010000001"), []string{desk}},
		{"siret of another attachment", annuaire.Equals("siret", "12345678900011"), []string{desk}},
		{"city of any attachment", annuaire.Equals("city", "lyon"), []string{desk}},
		{"postal code", annuaire.Equals("postal_code", "48"), []string{desk}},
		{"not of a place", annuaire.Not(annuaire.Equals("department", "48")), []string{zelie}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := p.Mailboxes.Search(context.Background(), annuaire.Query{Where: tt.e})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, idsOf(r)); diff != "" || r.Total != len(tt.want) {
				t.Errorf("total %d: -want +got\n%s", r.Total, diff)
			}
		})
	}
}

func TestFacetsOfStructures(t *testing.T) {
	p, _ := buildPlaces(t)
	r, err := p.Structures.Search(context.Background(), annuaire.Query{Where: annuaire.Equals("department", "48"), Facets: []annuaire.Field{"department"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []annuaire.FacetCount{{Coded: annuaire.Coded{Code: "69", Label: "Rhône"}, Count: 2}, {Coded: annuaire.Coded{Code: "48", Label: "Lozère"}, Count: 1}}
	if diff := cmp.Diff(want, r.Facets["department"]); diff != "" {
		t.Error(diff)
	}
}

func TestChangesInPlaces(t *testing.T) {
	p, dir := buildPlaces(t)
	structures, mailboxes := somePlaces()
	structures[0].Name = "HOPITAL DE MENDE"
	err := p.Apply(6, PlacesChange{Structures: structures[:1], GoneStructures: []string{structures[1].ID}, GoneMailboxes: []string{mailboxes[0].Address}})
	if err != nil {
		t.Fatal(err)
	}
	fp := NewFingerprints()
	for _, p := range []*Places{p, reopened(t, p, dir)} {
		want := map[string]uint64{StructureKey(structures[0].ID): fp.Structure(structures[0]),
			StructureKey(structures[2].ID): fp.Structure(structures[2]), MailboxKey(mailboxes[1].Address): fp.Mailbox(mailboxes[1])}
		got := map[string]uint64{}
		if err := p.EachFingerprint(func(key string, print uint64) error { got[key] = print; return nil }); err != nil {
			continue // closed by reopened
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func reopened(t *testing.T, p *Places, dir string) *Places {
	n := map[string]int{}
	if err := p.EachFingerprint(func(key string, _ uint64) error { n[key[:2]]++; return nil }); n[structurePrefix] != 2 || n[mailboxPrefix] != 1 || err != nil {
		t.Errorf("%v: %v", n, err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return openPlaces(t, dir)
}

func TestManyStructuresOfOneNameAreAllPagedThrough(t *testing.T) {
	p, _ := buildPlaces(t)
	var c PlacesChange
	for i := range 300 {
		c.Structures = append(c.Structures, annuaire.Structure{ID: fmt.Sprintf("R2%013d", i), Name: "CABINET INFIRMIER"})
	}
	if err := p.Apply(6, c); err != nil {
		t.Fatal(err)
	}
	q, seen := annuaire.Query{Where: annuaire.Prefix("structure", "cabinet inf"), Limit: 7}, map[string]bool{}
	for {
		r, err := p.Structures.Search(context.Background(), q)
		if err != nil || r.Total != 300 {
			t.Fatalf("total %d: %v", r.Total, err)
		}
		for _, id := range idsOf(r) {
			if seen[id] {
				t.Fatalf("%s twice", id)
			}
			seen[id] = true
		}
		if q.After = r.Next; q.After == nil {
			break
		}
	}
	if len(seen) != 300 {
		t.Errorf("%d of 300", len(seen))
	}
}
