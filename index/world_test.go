package index

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"annuaire"
)

// What the people of the tests are made of: few values, so that criteria meet, and the awkward ones among them.
var (
	worldFamilies = []string{"MARTIN", "MARTINEZ", "DE LA TOUR", "DE-LA TOUR", "TOUR", "TOUR DE LA", "D'ARC", "LE GOFF", "GOFF", "SAINT-MARTIN", "ŒUVRARD",
		"MARTIN DUPONT", "DUPONT MARTIN", "O", "", "MART", "Łukasz", "Ивано́в", "MAR", "ZZ TOP 2", "MARTIN 3"}
	worldGivens      = []string{"Jean", "Jean-Pierre", "Pierre", "Zélie", "", "Marie Martin", "Anne", "JEANNE", "Pierre Jean"}
	worldProfessions = []string{"10", "21", "60", "40"}
	worldCategories  = []string{"C", "M"}
	worldSkills      = []string{"SM04", "SM26", "SM54", "SM42"}
	worldModes       = []string{"S", "L", "B", ""}
	worldSectors     = []string{"SA01", "SA07", "SA04", ""}
	worldPlaces      = []annuaire.Address{
		{City: "LYON", INSEE: "69383", PostalCode: "69003", Department: annuaire.Coded{Code: "69"}, Region: annuaire.Coded{Code: "84"}},
		{City: "Lyon 7e Arrondissement", INSEE: "69387", PostalCode: "69007", Department: annuaire.Coded{Code: "69"}, Region: annuaire.Coded{Code: "84"}},
		{City: "LYON", PostalCode: "69000", Department: annuaire.Coded{Code: "69"}, Region: annuaire.Coded{Code: "84"}},
		{City: "PARIS", INSEE: "75112", PostalCode: "75012", Department: annuaire.Coded{Code: "75"}, Region: annuaire.Coded{Code: "11"}},
		{City: "PARIS", INSEE: "75056", PostalCode: "75000", Department: annuaire.Coded{Code: "75"}, Region: annuaire.Coded{Code: "11"}},
		{City: "ST ETIENNE", INSEE: "42218", PostalCode: "42000", Department: annuaire.Coded{Code: "42"}, Region: annuaire.Coded{Code: "84"}},
		{City: "ST ETIENNE", PostalCode: "42100", Department: annuaire.Coded{Code: "42"}, Region: annuaire.Coded{Code: "84"}},
		{City: "Strasbourg", INSEE: "67482", PostalCode: "67000", Department: annuaire.Coded{Code: "67"}, Region: annuaire.Coded{Code: "44"}},
		{City: "GENEVE", PostalCode: "1205", Country: annuaire.Coded{Code: "99140"}},
		{},
	}
	worldStreets    = []string{"12 RUE DES LILAS", "12 RUE DES ROSES", "RUE DES LILAS", "PLACE DU MARCHÉ", "", "1 RUE DE LA RUE"}
	worldStructures = []annuaire.StructureRef{
		{ID: "F010000001", Name: "CENTRE HOSPITALIER DE MENDE", FINESS: "010000001", FINESSEJ: "010000009"},
		{ID: "F010000002", Name: "CENTRE HOSPITALIER", TradeName: "HOPITAL DU CENTRE", FINESS: "010000002", FINESSEJ: "010000009"},
		{ID: "R10000000000001", Name: "CABINET DU DR MARTIN"},
		{ID: "C12345678900011", Name: "SELARL MARTIN", TradeName: "PHARMACIE DU CENTRE", SIRET: "12345678900011"},
		{ID: "R10000000000002", SIREN: "987654321", TradeName: "CABINET"},
		{ID: "R10000000000003"},
	}
)

// world is a reproducible set of people.
type world struct {
	rng    *rand.Rand
	people map[string]PersonDoc
}

func newWorld(seed uint64, n int) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 1)), people: map[string]PersonDoc{}}
	for i := range n {
		p := w.person(fmt.Sprintf("8990%08d", i))
		w.people[p.Person.ID] = p
	}
	return w
}

func pick[T any](rng *rand.Rand, of []T) T { return of[rng.IntN(len(of))] }

func (w *world) person(id string) PersonDoc {
	rng := w.rng
	p := &annuaire.Professional{ID: id, Family: pick(rng, worldFamilies), Given: pick(rng, worldGivens)}
	for range rng.IntN(3) {
		pr := annuaire.Practice{Profession: annuaire.Coded{Code: pick(rng, worldProfessions)}, Category: annuaire.Coded{Code: pick(rng, worldCategories)}}
		for range rng.IntN(3) {
			pr.Specialties = append(pr.Specialties, annuaire.Specialty{Coded: annuaire.Coded{Code: pick(rng, worldSkills)}, Type: "S"})
		}
		p.Practices = append(p.Practices, pr)
		for range max(0, rng.IntN(6)-2) {
			p.Activities = append(p.Activities, w.activity(&pr))
		}
	}
	doc := PersonDoc{Person: p}
	for i := range max(0, rng.IntN(5)-2) {
		doc.Mailboxes = append(doc.Mailboxes, annuaire.Mailbox{Address: fmt.Sprintf("A%d.%s@medecin.formation.mssante.fr", i, id[8:]), Kind: annuaire.KindPER})
	}
	return doc
}

func (w *world) activity(pr *annuaire.Practice) annuaire.Activity {
	rng := w.rng
	a := annuaire.Activity{Profession: pr.Profession.Code, Category: pr.Category.Code,
		Mode: annuaire.Coded{Code: pick(rng, worldModes)}, Sector: annuaire.Coded{Code: pick(rng, worldSectors)}}
	if rng.IntN(10) > 0 {
		addr := pick(rng, worldPlaces)
		addr.Street = pick(rng, worldStreets)
		if addr.Lines = []string{addr.Street}; rng.IntN(4) == 0 {
			addr.Lines = append(addr.Lines, pick(rng, worldStreets))
		}
		a.Address = &addr
	}
	if rng.IntN(10) > 0 {
		s := pick(rng, worldStructures)
		a.Structure = &s
	}
	return a
}

// build indexes the world in a new folder.
func (w *world) build(t testing.TB) (*People, string) {
	t.Helper()
	dir := w.finish(t)
	return openPeople(t, dir), dir
}

// finish builds an index and leaves it closed.
func (w *world) finish(t testing.TB) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "people")
	b, err := CreatePeople(dir)
	if err != nil {
		t.Fatal(err)
	}
	b.most = 40 // so that there are several segments, merged ones
	for _, p := range w.people {
		if err := b.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Finish(1); err != nil {
		t.Fatal(err)
	}
	return dir
}

func openPeople(t testing.TB, dir string) *People {
	t.Helper()
	p, err := OpenPeople(dir)
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
