package registry_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/internal/directory"
	"annuaire/internal/registry"
	"annuaire/internal/store"
)

// twin is one of two directories to which the same happens, but for one box.
type twin struct {
	d *directory.Directory
	r *registry.Registry
}

const secretAddress = "secret.zanzibar@x.formation.mssante.fr"

// secret is a box whose every word is its own.
func secret(t *rapid.T) annuaire.Registered {
	b := org("secret.zanzibar")
	b.Service, b.Description, b.Phone, b.Responsible = "Kalahari", "Tombouctou", "+33499887766", "Samarcande"
	if rapid.Bool().Draw(t, "personal") {
		b = per("secret.zanzibar", rapid.SampledFrom([]string{anna, bea}).Draw(t, "of"))
		b.Phone, b.OTPMobile, b.Rank = "+33499887766", "+33699887766", 1
	}
	return b
}

var secretWords = []string{secretAddress, "secret", "zanzibar", "zan", "kalahari", "Kalahary", "kal", "tombouctou", "tom", "samarcande", "+33499887766", "99887766", "+33699887766",
	"480000017", "DE-LA TOUR", "exemple", "anna", "a", "ORG", "PER", "x.formation.mssante.fr", "true", "MENDE"}

// questions are searches by every field and way of comparing, for words of the secret among others.
func questions(t *rapid.T) map[string]annuaire.Expr {
	fields := []annuaire.Field{annuaire.FieldMailbox, annuaire.FieldHasMailbox, annuaire.FieldName, annuaire.FieldFamily, annuaire.FieldStructure, annuaire.FieldFINESS,
		annuaire.FieldPhone, annuaire.FieldKind, annuaire.FieldDescription, annuaire.FieldCity, annuaire.FieldTitle}
	contains := func(f annuaire.Field, v string) annuaire.Expr {
		return annuaire.Expr{Op: annuaire.OpContains, Field: f, Value: v}
	}
	out := map[string]annuaire.Expr{"all": {}, "not zan": annuaire.Not(annuaire.Prefix(annuaire.FieldMailbox, "zan"))}
	for _, f := range fields {
		out["has "+string(f)] = annuaire.Present(f)
		for i, op := range []func(annuaire.Field, string) annuaire.Expr{annuaire.Equals, annuaire.Prefix, annuaire.Similar, contains} {
			w := rapid.SampledFrom(secretWords).Draw(t, "word")
			out[fmt.Sprint(i, " ", f, " ", w)] = op(f, w)
		}
	}
	return out
}

// answers is everything that a reader without rights can be told, as text.
func answers(t *rapid.T, d *directory.Directory, wheres map[string]annuaire.Expr) map[string]string {
	out := map[string]string{}
	note := func(what string, v any, err error) {
		b, jerr := json.Marshal(v)
		ok(t, jerr)
		out[what] = fmt.Sprintf("%s %v", b, err)
	}
	facets := []annuaire.Field{annuaire.FieldProfession, annuaire.FieldSpecialty, annuaire.FieldDepartment, annuaire.FieldRegion, annuaire.FieldMode, annuaire.FieldSector, annuaire.FieldCity}
	for name, where := range wheres {
		q := annuaire.Query{Where: where, Limit: 50}
		people, err := d.SearchProfessionals(ctx, annuaire.Query{Where: where, Limit: 50, Facets: facets})
		note("people "+name, people, err)
		boxes, err := d.SearchMailboxes(ctx, q)
		note("boxes "+name, boxes, err)
		sites, err := d.SearchStructures(ctx, q)
		note("sites "+name, sites, err)
		for _, book := range []annuaire.Book{annuaire.BookMailboxes, annuaire.BookPeople, annuaire.BookStructures} {
			for _, enough := range []int{0, 3} {
				var cards []string
				err := d.Browse(ctx, annuaire.Browse{Book: book, Where: where, Enough: enough}, func(c card.Card, at annuaire.Position) bool {
					cards = append(cards, fmt.Sprintf("%x %+v", c.Bytes(), at))
					return true
				})
				note(fmt.Sprint("browse ", book, enough, name), cards, err)
			}
		}
	}
	for _, w := range secretWords {
		s, err := d.Suggest(ctx, w, nil, 20)
		note("suggest "+w, s, err)
	}
	for _, id := range []string{anna, bea, carl} {
		it, err := d.Professional(ctx, id)
		note("record "+id, it, err)
		h, err := d.History(ctx, id)
		note("history "+id, h, err)
	}
	m, err := d.Mailbox(ctx, secretAddress)
	note("box", m, err)
	for _, book := range []annuaire.Book{annuaire.BookMailboxes, annuaire.BookPeople} {
		c, err := d.Card(ctx, book, secretAddress)
		note("card "+string(book), fmt.Sprintf("%x", c), err)
	}
	for since := range uint64(4) {
		c, err := d.Changes(ctx, since, 1000)
		note(fmt.Sprint("changes ", since), c, err)
	}
	_, err = d.Changes(ctx, 1_000_000, 1)
	note("changes from nowhere", nil, err)
	p, err := d.Publications(ctx, 100)
	for i := range p {
		p[i].Published = time.Time{}
	}
	note("publications", p, err)
	var all []any
	err = d.ExportMailboxes(ctx, annuaire.Expr{Op: annuaire.OpTrue}, "", func(part []annuaire.Item[annuaire.Mailbox]) error { all = append(all, part); return nil })
	note("export of boxes", all, err)
	all = nil
	err = d.ExportProfessionals(ctx, annuaire.Expr{Op: annuaire.OpTrue}, "", func(part []annuaire.Item[annuaire.Professional]) error { all = append(all, part); return nil })
	note("export of people", all, err)
	all = nil
	err = d.ExportMailboxes(ctx, annuaire.Present(annuaire.FieldMailbox), "", func(part []annuaire.Item[annuaire.Mailbox]) error { all = append(all, part); return nil })
	note("export of boxes with an address", all, err)
	at, err := d.AsOf(ctx)
	note("as of", at, err)
	ok(t, d.Use(func(g *directory.Generation) error {
		return g.Store.Read(func(r store.Reader) error { note("count", r.Count(annuaire.KindMailbox), nil); return nil })
	}))
	return out
}

// common is what happens to both: other boxes, and runs with what the registry follows.
func common(t *rapid.T, twins []twin, run int) {
	switch rapid.IntRange(0, 3).Draw(t, "common") {
	case 0:
		b := per(rapid.SampledFrom([]string{"one", "two"}).Draw(t, "other"), anna)
		b.Phone = rapid.SampledFrom([]string{"", "+33466000000"}).Draw(t, "phone")
		for _, x := range twins {
			_, _, err := x.r.Put(ctx, operator, b, "")
			ok(t, err)
		}
	case 1:
		variant := rapid.SampledFrom([]string{"", "un", "deux"}).Draw(t, "variant")
		m := national("third", 1, bea)
		m.Description = variant
		for _, x := range twins {
			ok(t, x.d.Apply(runOf(store.RunID(uint64(run))), []store.Entry{entry(t, annuaire.KindMailbox, annuaire.Changed, m.Address, m, bea)}, nil))
		}
	case 2:
		for _, x := range twins { // carl comes and goes
			op := annuaire.Gone
			if run%2 == 0 {
				op = annuaire.Created
			}
			ok(t, x.d.Apply(runOf(store.RunID(uint64(run))), []store.Entry{entry(t, annuaire.KindPerson, op, carl, person(carl))}, nil))
		}
	default:
		for _, x := range twins {
			ok(t, x.d.Reindex(ctx, fmt.Sprintf("%06d-r1", run), 0, nil))
		}
	}
}

// hide does to the one directory what must not show.
func hide(t *rapid.T, x twin, b annuaire.Registered) {
	b.RedListOperator = true
	switch rapid.IntRange(0, 3).Draw(t, "hidden") {
	case 0:
		_ = x.r.Delete(ctx, operator, b.Address, "*") // there may be none
	case 1:
		b.Rank = rapid.IntRange(0, 3).Draw(t, "rank")
		fallthrough
	default:
		if _, _, err := x.r.Put(ctx, operator, b, ""); err != nil {
			t.Fatal(err)
		}
	}
}

func twins(t *rapid.T, base string) (out []twin, done func()) {
	for i := range 2 {
		d, err := directory.Open(fmt.Sprintf("%s/%d", base, i))
		ok(t, err)
		load(t, d, []string{anna, bea, carl}, national("anna1", 1, anna), national("third", 1, bea))
		r := registry.New(d, policy)
		r.SetClock(func() time.Time { return day })
		out = append(out, twin{d, r})
	}
	return out, func() {
		for _, x := range out {
			ok(t, x.d.Close())
		}
	}
}

// indistinguishable fails on any answer that tells the two apart.
func indistinguishable(t *rapid.T, x []twin) {
	asked := questions(t)
	a, b := answers(t, x[0].d, asked), answers(t, x[1].d, asked)
	for what, want := range a {
		if b[what] != want {
			t.Fatalf("%s tells them apart:\n%s\n%s", what, want, b[what])
		}
	}
}

// Two directories that differ only in one box on the red list give the same answers to whoever has no right to it.
func TestRedListLeaksNothing(t *testing.T) {
	t.Run("a box born on the red list is as none", func(t *testing.T) {
		base, n := t.TempDir(), 0
		rapid.Check(t, func(t *rapid.T) {
			n++
			x, done := twins(t, fmt.Sprintf("%s/%d", base, n))
			defer done()
			b := secret(t)
			for run := range rapid.IntRange(1, 5).Draw(t, "steps") {
				hide(t, x[1], b)
				common(t, x, run+2)
			}
			indistinguishable(t, x)
		})
	})
	t.Run("one that becomes red-listed is as one that is deleted", func(t *testing.T) {
		base, n := t.TempDir(), 0
		rapid.Check(t, func(t *rapid.T) {
			n++
			x, done := twins(t, fmt.Sprintf("%s/%d", base, n))
			defer done()
			b := secret(t)
			for _, y := range x {
				_, _, err := y.r.Put(ctx, operator, b, "")
				ok(t, err)
			}
			common(t, x, 2)
			ok(t, x[0].r.Delete(ctx, operator, b.Address, "*"))
			_, err := x[1].r.Patch(ctx, operator, b.Address, annuaire.MailboxPatch{RedList: yes()}, "")
			ok(t, err)
			for run := range rapid.IntRange(0, 3).Draw(t, "steps") {
				common(t, x, run+3)
			}
			indistinguishable(t, x)
		})
	})
}
