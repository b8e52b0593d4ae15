package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"annuaire"
)

// fakeDirectory answers from a few records, whatever the question, and keeps the question.
type fakeDirectory struct {
	people     []annuaire.Item[annuaire.Professional]
	structures []annuaire.Item[annuaire.Structure]
	mailboxes  []annuaire.Item[annuaire.Mailbox]
	facets     map[annuaire.Field][]annuaire.FacetCount
	fail       func(ctx context.Context, what string) error // called first by every method

	mu      sync.Mutex
	last    annuaire.Query
	changes []annuaire.Change
	runs    []annuaire.Publication
	news    chan struct{}
}

func (d *fakeDirectory) asked() annuaire.Query {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

// fakePage keeps the total order "place in the slice": the position of an item is its index.
func fakePage[T any](ctx context.Context, d *fakeDirectory, what string, all []annuaire.Item[T], q annuaire.Query) (annuaire.Page[T], error) {
	d.mu.Lock()
	d.last = q
	d.mu.Unlock()
	if d.fail != nil {
		if err := d.fail(ctx, what); err != nil {
			return annuaire.Page[T]{}, err
		}
	}
	start := 0
	if q.After != nil {
		n, err := strconv.Atoi(q.After.ID)
		if err != nil {
			return annuaire.Page[T]{}, err
		}
		start = n + 1
	}
	end := min(start+q.Limit, len(all))
	page := annuaire.Page[T]{Items: all[start:end], Total: len(all), AsOf: extractTime, Facets: d.facets}
	if end < len(all) {
		page.Next = &annuaire.Position{Family: "exemple", ID: strconv.Itoa(end - 1)}
	}
	return page, nil
}

func (d *fakeDirectory) SearchProfessionals(ctx context.Context, q annuaire.Query) (annuaire.Page[annuaire.Professional], error) {
	return fakePage(ctx, d, "professionals", d.people, q)
}

func (d *fakeDirectory) SearchStructures(ctx context.Context, q annuaire.Query) (annuaire.Page[annuaire.Structure], error) {
	return fakePage(ctx, d, "structures", d.structures, q)
}

func (d *fakeDirectory) SearchMailboxes(ctx context.Context, q annuaire.Query) (annuaire.Page[annuaire.Mailbox], error) {
	return fakePage(ctx, d, "mailboxes", d.mailboxes, q)
}

func fakeOne[T any](ctx context.Context, d *fakeDirectory, all []annuaire.Item[T], id string, key func(T) string) (annuaire.Item[T], error) {
	if d.fail != nil {
		if err := d.fail(ctx, id); err != nil {
			return annuaire.Item[T]{}, err
		}
	}
	for _, it := range all {
		if key(it.Value) == id {
			return it, nil
		}
	}
	return annuaire.Item[T]{}, annuaire.Errorf(annuaire.CodeNotFound, "get", "Inconnu de l'annuaire.", "Unknown to the directory.", nil)
}

func (d *fakeDirectory) Professional(ctx context.Context, id string) (annuaire.Item[annuaire.Professional], error) {
	if id == goneID {
		return annuaire.Item[annuaire.Professional]{}, annuaire.Errorf(annuaire.CodeGone, "get", "Cette personne a quitté l'annuaire.", "This person has left.", nil)
	}
	return fakeOne(ctx, d, d.people, id, func(p annuaire.Professional) string { return p.ID })
}

func (d *fakeDirectory) Structure(ctx context.Context, id string) (annuaire.Structure, error) {
	it, err := fakeOne(ctx, d, d.structures, id, func(s annuaire.Structure) string { return s.ID })
	return it.Value, err
}

func (d *fakeDirectory) Mailbox(ctx context.Context, address string) (annuaire.Mailbox, error) {
	it, err := fakeOne(ctx, d, d.mailboxes, address, func(m annuaire.Mailbox) string { return m.Address })
	return it.Value, err
}

const goneID = "899000000000"

var extractTime = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)

func ref[T any](v T) *T { return &v }

// newFake returns a directory of the person of DESIGN 8, one known by ADELI, two structures and two mailboxes.
func newFake() *fakeDirectory {
	src := annuaire.Source{Extract: extractTime, Run: "000042"}
	med, civil := annuaire.Coded{Code: "10", Label: "Médecin"}, annuaire.Coded{Code: "C", Label: "Civil"}
	mende := &annuaire.Address{
		Lines: []string{"12 RUE DES LILAS"}, PostalCode: "48000", City: "Mende", INSEE: "48095",
		Department: annuaire.Coded{Code: "48", Label: "Lozère"}, Region: annuaire.Coded{Code: "76", Label: "Occitanie"},
	}
	cabinet := annuaire.Structure{ID: "R10000000000001", Name: "CABINET EXEMPLE", Sector: annuaire.Coded{Code: "SA07", Label: "Cabinet individuel"}, Address: mende, Phones: []string{"+33466000000"}, Source: src}
	hospital := annuaire.Structure{ID: "F990000001", Name: "CH EXEMPLE & FILS", TradeName: "HÔPITAL", FINESS: "990000001", FINESSEJ: "990000002", SIREN: "990000003", SIRET: "99000000300001", Sector: annuaire.Coded{Code: "SA01", Label: "Etablissement public de santé"}, Fax: "+33466000001", Emails: []string{"contact@ch.example"}, Source: src}
	zelie := annuaire.Professional{
		ID: "899012345679", Civility: "MME", Title: "DR", Family: "EXEMPLE", Given: "Zélie",
		Practices: []annuaire.Practice{{Profession: med, Category: civil, Specialties: []annuaire.Specialty{{Coded: annuaire.Coded{Code: "SM42", Label: "Psychiatrie"}, Type: "S"}}}},
		Activities: []annuaire.Activity{{
			Profession: "10", Category: "C", Mode: annuaire.Coded{Code: "L", Label: "Libéral"}, Sector: cabinet.Sector, Authority: "CNOM/CNOM/ARS",
			Structure: cabinet.Ref(), Address: mende, Phones: cabinet.Phones,
		}},
		Source: src,
	}
	box := annuaire.Mailbox{Address: "zelie.exemple@medecin.formation.mssante.fr", Kind: annuaire.KindPER, Owners: []string{zelie.ID}, Rank: 1, Family: "EXEMPLE", Given: "Zélie", Profession: med, Source: src}
	org := annuaire.Mailbox{
		Address: "accueil@ch.formation.mssante.fr", Kind: annuaire.KindORG, Description: "Accueil", Paperless: ref(true), Source: src,
		Attachments: []annuaire.Attachment{{IDType: "1", ID: "990000001", Name: "CH EXEMPLE", Service: "ACCUEIL", Address: &annuaire.Address{City: "Bruxelles", Country: annuaire.Coded{Code: "99131", Label: "BELGIQUE"}}}},
	}
	adeli := annuaire.Professional{ID: "0990000001", Family: "MODÈLE", Practices: []annuaire.Practice{{Profession: annuaire.Coded{Code: "28", Label: "Opticien-Lunetier"}}}}
	return &fakeDirectory{
		people: []annuaire.Item[annuaire.Professional]{
			{Value: zelie, Mailboxes: []annuaire.Mailbox{box}, Why: []annuaire.Reason{{Field: "family", Asked: "exemple", How: "exact"}, {Field: "city", Asked: "mende", How: "exact"}}},
			{Value: adeli},
		},
		structures: []annuaire.Item[annuaire.Structure]{{Value: cabinet, Why: []annuaire.Reason{{Field: "structure", Asked: "cabinet", How: "prefix"}}}, {Value: hospital}},
		mailboxes:  []annuaire.Item[annuaire.Mailbox]{{Value: box}, {Value: org}},
		facets:     map[annuaire.Field][]annuaire.FacetCount{annuaire.FieldProfession: {{Coded: med, Count: 2}}},
	}
}

// newServer returns a server on d with a clock that stands still.
func newServer(d Directory) *Server {
	return New(Options{Directory: d, Now: func() time.Time { return extractTime }, Version: "test"})
}

// do sends one request; headers are "Name: value" pairs.
func do(t testing.TB, h http.Handler, method, url string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, "/", nil)
	u, err := r.URL.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	r.URL = u
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
