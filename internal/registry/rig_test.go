package registry_test

import (
	"context"
	"flag"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/directory"
	"annuaire/internal/mailaddr"
	"annuaire/internal/registry"
	"annuaire/internal/store"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "10") // each builds indexes; the command line can ask for more
	goleak.VerifyTestMain(m)
}

const (
	anna = "899000000017"
	bea  = "899000000025"
	carl = "899000000033" // leaves and comes back
	zoe  = "899000000041" // in no extract
)

var (
	ctx      = context.Background()
	day      = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)
	operator = annuaire.Caller{ID: "op1", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"x.formation.mssante.fr", "y.formation.mssante.fr"}, Proof: "token"}
	other    = annuaire.Caller{ID: "op2", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"other.formation.mssante.fr"}, Proof: "token"}
	policy   = registry.Policy{Training: true, Terms: "2026-01", OrphanDelay: 30 * 24 * time.Hour, Apicrypt: mailaddr.ApicryptBridge}
)

func holder(id string) annuaire.Caller {
	return annuaire.Caller{ID: id, Roles: []annuaire.Role{annuaire.RoleProfessional}, Professional: id, Proof: "oidc"}
}

type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// settled waits until everything registered so far is visible everywhere.
func settled(ctx context.Context, d *directory.Directory) error {
	head, _, err := d.Ledger.Head()
	if err != nil {
		return err
	}
	return d.Visible(ctx, head)
}

func ok(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func names(id string) (family, given string) {
	switch id {
	case anna:
		return "DE-LA TOUR", "Anna"
	case bea:
		return "EXEMPLE", "Béa"
	}
	return "CARL", "Carl"
}

func person(id string) annuaire.Professional {
	family, given := names(id)
	return annuaire.Professional{ID: id, Family: family, Given: given,
		Practices: []annuaire.Practice{{Profession: annuaire.Coded{Code: "10"}, Category: annuaire.Coded{Code: "C"}}}}
}

func site() annuaire.Structure {
	return annuaire.Structure{ID: "F480000017", FINESS: "480000017", SIREN: "264800017", Name: "CH DE MENDE", Address: &annuaire.Address{PostalCode: "48000", City: "Mende"}}
}

func national(local string, rank int, owners ...string) annuaire.Mailbox {
	return annuaire.Mailbox{Address: local + "@x.formation.mssante.fr", Kind: annuaire.KindPER, Owners: owners, Rank: rank}
}

func packed[T store.Record](t fataler, rec *T, rows uint64) ([]byte, store.Print) {
	t.Helper()
	body, hash := store.Body(rec)
	return store.Pack(body, annuaire.Source{Extract: day, Run: "000001"}), store.Print{Rows: rows, Content: hash}
}

func entry[T store.Record](t fataler, kind annuaire.Kind, op annuaire.ChangeOp, id string, rec T, people ...string) store.Entry {
	t.Helper()
	e := store.Entry{Kind: kind, Op: op, ID: id, Run: "000002", Time: day, People: people}
	if op != annuaire.Gone {
		e.Record, e.Print = packed(t, &rec, 2)
	}
	return e
}

func runOf(id string) store.Run {
	return store.Run{ID: id, Extract: day, Outcome: store.OutcomeLoaded, Info: store.Info{Extract: day, Run: id, Model: 1}}
}

// load publishes a first generation: people, one structure, national boxes.
func load(t fataler, d *directory.Directory, people []string, boxes ...annuaire.Mailbox) {
	t.Helper()
	b, err := d.Build("000001")
	ok(t, err)
	s := site()
	rec, pr := packed(t, &s, 1)
	ok(t, b.Store.PutStructure(s.ID, rec, pr))
	ok(t, b.Places.AddStructure(s))
	slices.SortFunc(boxes, func(a, b annuaire.Mailbox) int { return cmpString(a.Address, b.Address) })
	for _, m := range boxes {
		rec, pr := packed(t, &m, 1)
		ok(t, b.Store.PutMailbox(m, rec, pr))
		ok(t, b.Places.AddMailbox(m))
	}
	slices.Sort(people)
	for _, id := range people {
		p := person(id)
		rec, pr := packed(t, &p, 1)
		ok(t, b.Store.PutPerson(id, rec, pr))
		mine := slices.DeleteFunc(slices.Clone(boxes), func(m annuaire.Mailbox) bool { return !slices.Contains(m.Owners, id) })
		slices.SortFunc(mine, func(a, b annuaire.Mailbox) int { return a.Order() - b.Order() })
		ok(t, b.People.Add(index.PersonDoc{Person: &p, Mailboxes: mine}))
	}
	ok(t, b.Publish(runOf("000001"), []store.Entry{{Kind: annuaire.KindLoad, Op: annuaire.Created, ID: "000001", Run: "000001", Time: day}},
		func(*directory.Generation) error { return nil }))
}

// reload publishes what the model says of the extract as a generation built from extracts.
func reload(t fataler, d *directory.Directory, run string, m boxModel) {
	t.Helper()
	b, err := d.Build(run)
	ok(t, err)
	var people []string
	for _, id := range everybody {
		if m.people[id] {
			people = append(people, id)
		}
	}
	boxes := map[string][]annuaire.Mailbox{}
	for _, a := range addresses {
		v, there := m.national[a]
		if !there {
			continue
		}
		box := annuaire.Mailbox{Address: a, Kind: annuaire.KindPER, Owners: []string{owner[a]}, Rank: 1, Description: v}
		rec, pr := packed(t, &box, 1)
		covered, err := b.Covers(a)
		ok(t, err)
		if covered {
			b.Cover(a, rec, pr)
			continue
		}
		ok(t, b.Store.PutMailbox(box, rec, pr))
		ok(t, b.Places.AddMailbox(box))
		boxes[owner[a]] = append(boxes[owner[a]], box)
	}
	for _, id := range people {
		p := person(id)
		rec, pr := packed(t, &p, 1)
		ok(t, b.Store.PutPerson(id, rec, pr))
		ok(t, b.People.Add(index.PersonDoc{Person: &p, Mailboxes: boxes[id]}))
	}
	ok(t, b.Publish(runOf(run), []store.Entry{{Kind: annuaire.KindLoad, Op: annuaire.Created, ID: run, Run: run, Time: day}},
		func(*directory.Generation) error { return nil }))
}

func cmpString(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// opened is a directory of Anna, Bea and Carl with the boxes, and its registry.
func opened(t testing.TB, boxes ...annuaire.Mailbox) (*directory.Directory, *registry.Registry) {
	t.Helper()
	d, err := directory.Open(t.TempDir())
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()) })
	load(t, d, []string{anna, bea, carl}, boxes...)
	return d, registry.New(d, policy)
}

// per is a personal box that may be registered.
func per(local, id string) annuaire.Registered {
	family, given := names(id)
	return annuaire.Registered{Address: local + "@x.formation.mssante.fr", Kind: annuaire.KindPER, Holder: id, Family: family, Given: given, Terms: "2026-01"}
}

func put(t fataler, r *registry.Registry, b annuaire.Registered) annuaire.Registered {
	t.Helper()
	out, _, err := r.Put(ctx, operator, b, "")
	ok(t, err)
	return out
}

func sound(t fataler, d *directory.Directory) {
	t.Helper()
	rep, err := d.Check(ctx)
	ok(t, err)
	if rep.Problems > 0 {
		t.Fatalf("%d problems: %v", rep.Problems, rep.Examples)
	}
}

func shows(t fataler, d *directory.Directory, address string) bool {
	t.Helper()
	_, err := d.Mailbox(ctx, address)
	if err != nil && annuaire.CodeOf(err) != annuaire.CodeNotFound {
		t.Fatal(err)
	}
	page, serr := d.SearchMailboxes(ctx, annuaire.Query{Where: annuaire.Equals(annuaire.FieldMailbox, address)})
	ok(t, serr)
	if (page.Total == 1) != (err == nil) {
		t.Fatalf("%s: record %v, found %d times", address, err, page.Total)
	}
	return err == nil
}
