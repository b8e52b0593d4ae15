package directory

import (
	"context"
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/store"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "10") // each builds two indexes; the command line can ask for more
	goleak.VerifyTestMain(m)
}

var (
	ctx = context.Background()
	day = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)
)

const anna, bea, carl = "899000000017", "899000000025", "899000000033"

// fataler is testing.TB or rapid.T.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func ok(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func person(id, family string) annuaire.Professional {
	return annuaire.Professional{ID: id, Family: family, Practices: []annuaire.Practice{{Profession: annuaire.Coded{Code: "10"}, Category: annuaire.Coded{Code: "C"}}},
		Activities: []annuaire.Activity{{Profession: "10", Category: "C", Mode: annuaire.Coded{Code: "L"}, Sector: annuaire.Coded{Code: "SA07"},
			Address: &annuaire.Address{PostalCode: "48000", City: "Mende", INSEE: "48095", Department: annuaire.Coded{Code: "48"}, Region: annuaire.Coded{Code: "76"}}}}}
}

func site(id, name string) annuaire.Structure { return annuaire.Structure{ID: id, Name: name} }

func box(name string, rank int, owners ...string) annuaire.Mailbox {
	return annuaire.Mailbox{Address: name + "@x.formation.mssante.fr", Kind: annuaire.KindPER, Owners: owners, Rank: rank}
}

func packed[T store.Record](t fataler, rec *T, run string) ([]byte, store.Print) {
	t.Helper()
	body, hash := store.Body(rec)
	return store.Pack(body, annuaire.Source{Extract: day, Run: run}), store.Print{Rows: 1, Content: hash}
}

func entry[T store.Record](t fataler, kind annuaire.Kind, id string, rec T, people ...string) store.Entry {
	t.Helper()
	e := store.Entry{Kind: kind, Op: annuaire.Changed, ID: id, Run: "000002", Time: day, People: people}
	e.Record, e.Print = packed(t, &rec, e.Run)
	return e
}

func gone(kind annuaire.Kind, id string, people ...string) store.Entry {
	return store.Entry{Kind: kind, Op: annuaire.Gone, ID: id, Run: "000002", Time: day, People: people}
}

func open(t fataler, dir string) *Directory {
	t.Helper()
	d, err := Open(dir)
	ok(t, err)
	return d
}

// fresh is an open, empty data directory that the test closes at its end.
func fresh(t testing.TB) *Directory {
	t.Helper()
	d := open(t, t.TempDir())
	t.Cleanup(func() { ok(t, d.Close()) })
	return d
}

func runOf(id string) store.Run {
	return store.Run{ID: id, Extract: day, Outcome: store.OutcomeLoaded, Info: store.Info{Extract: day, Run: id, Model: 1}}
}

// fill begins a generation with Anna, Bea, a structure and three boxes.
func fill(t fataler, d *Directory, name string) *Building {
	t.Helper()
	b, err := d.Build(name)
	ok(t, err)
	boxes := []annuaire.Mailbox{box("anna", 1, anna), box("bea1", 2, bea), box("bea2", 1, bea)}
	for _, m := range boxes {
		rec, pr := packed(t, &m, name)
		ok(t, b.Store.PutMailbox(m, rec, pr))
		ok(t, b.Places.AddMailbox(m))
	}
	s := site("R1", "CABINET")
	rec, pr := packed(t, &s, name)
	ok(t, b.Store.PutStructure(s.ID, rec, pr))
	ok(t, b.Places.AddStructure(s))
	for _, p := range []annuaire.Professional{person(anna, "ANNA"), person(bea, "BEA")} {
		rec, pr := packed(t, &p, name)
		ok(t, b.Store.PutPerson(p.ID, rec, pr))
		mine := slices.DeleteFunc(slices.Clone(boxes), func(m annuaire.Mailbox) bool { return !slices.Contains(m.Owners, p.ID) })
		slices.SortFunc(mine, func(a, b annuaire.Mailbox) int { return a.Rank - b.Rank })
		ok(t, b.People.Add(index.PersonDoc{Person: &p, Mailboxes: mine}))
	}
	return b
}

func loadEntry(name string) []store.Entry {
	return []store.Entry{{Kind: annuaire.KindLoad, Op: annuaire.Created, ID: name, Run: name, Time: day}}
}

func accept(*Generation) error { return nil }

// load publishes generation name with what fill puts in it.
func load(t fataler, d *Directory, name string) {
	t.Helper()
	ok(t, fill(t, d, name).Publish(runOf(name), loadEntry(name), accept))
}

// loaded is an open data directory with generation 000001.
func loaded(t testing.TB) *Directory {
	t.Helper()
	d := fresh(t)
	load(t, d, "000001")
	return d
}

// reopen closes d and opens its folder again, after edit.
func reopen(t testing.TB, d *Directory, edit func()) *Directory {
	t.Helper()
	ok(t, d.Close())
	edit()
	d2 := open(t, d.dir)
	t.Cleanup(func() { ok(t, d2.Close()) })
	return d2
}

// loadedAt is loaded without the cleanup, for reopen.
func loadedAt(t testing.TB) *Directory {
	t.Helper()
	d := open(t, t.TempDir())
	load(t, d, "000001")
	return d
}

func total(t fataler, d *Directory, where annuaire.Expr) int {
	t.Helper()
	page, err := d.SearchProfessionals(ctx, annuaire.Query{Where: where})
	ok(t, err)
	return page.Total
}

func family(name string) annuaire.Expr { return annuaire.Equals(annuaire.FieldFamily, name) }

func sound(t fataler, d *Directory) {
	t.Helper()
	rep, err := d.Check(ctx)
	ok(t, err)
	if rep.Problems > 0 {
		t.Fatal(strings.Join(rep.Examples, "\n"))
	}
}
