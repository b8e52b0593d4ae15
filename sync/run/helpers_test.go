package run

import (
	"context"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/extract"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "12") // each check is three syncs; the command line can ask for more
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if template != "" {
			_ = os.RemoveAll(template)
		}
		os.Exit(code)
	}))
}

// fields is a row by column name; columns that are not named are empty.
type fields map[string]string

func (f fields) with(kv ...string) fields {
	out := maps.Clone(f)
	for i := 0; i < len(kv); i += 2 {
		out[kv[i]] = kv[i+1]
	}
	return out
}

// world is the rows of the four extracts. Without boxes there is no MSSanté file.
type world struct{ activities, skills, diplomas, boxes []fields }

func (w world) clone() world {
	return world{slices.Clone(w.activities), slices.Clone(w.skills), slices.Clone(w.diplomas), slices.Clone(w.boxes)}
}

// text is an extract with the rows.
func text(t fataler, kind extract.Kind, rows []fields) string {
	t.Helper()
	header := extract.Header(kind)
	var b strings.Builder
	b.WriteString(strings.Join(header, "|"))
	for _, f := range rows {
		n := 0
		for i, name := range header {
			v, ok := f[name]
			if ok {
				n++
			}
			b.WriteString(map[bool]string{true: "\n", false: "|"}[i == 0] + v)
		}
		if n != len(f) {
			t.Fatalf("a column of %v is not one of %s", f, kind)
		}
	}
	return b.String() + "\n"
}

// folder writes w as a source directory whose files bear stamp.
func (w world) folder(t fataler, parent, stamp string) string {
	t.Helper()
	dir, err := os.MkdirTemp(parent, "source-")
	ok(t, err)
	for kind, rows := range map[extract.Kind][]fields{extract.Activities: w.activities, extract.Skills: w.skills, extract.Diplomas: w.diplomas,
		extract.Mailboxes: w.boxes} {
		if kind == extract.Mailboxes && rows == nil {
			continue
		}
		ok(t, os.WriteFile(filepath.Join(dir, kind.String()+"_"+stamp+".txt"), []byte(text(t, kind, rows)), 0o600))
	}
	return dir
}

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

const (
	day1, day2, day3 = "202611210412", "202611220412", "202611230412"

	anna, bea, carl, dora = "899000000017", "899000000025", "899000000033", "899000000041"
)

func holder(id string) fields {
	return fields{"Type d'identifiant PP": "8", "Identifiant PP": id[1:], "Identification nationale PP": id}
}

func activity(id, family, profession, site, name string) fields {
	f := holder(id).with("Nom d'exercice", family, "Code profession", profession, "Code catégorie professionnelle", "C")
	if site != "" {
		f = f.with("Code mode exercice", "L", "Identifiant technique de la structure", site, "Raison sociale site", name,
			"Code commune (coord. structure)", "48095", "Code postal (coord. structure)", "48000")
	}
	return f
}

func skill(id, profession, code string) fields {
	return holder(id).with("Code profession", profession, "Code catégorie professionnelle", "C", "Code type savoir-faire", "S", "Code savoir-faire", code)
}

func diploma(id, code string) fields {
	return holder(id).with("Code type diplôme obtenu", "DE", "Code diplôme obtenu", code)
}

// boxRow is a personal box, or that of a service when there is no holder.
func boxRow(name, id string) fields {
	f := fields{"Type de BAL": "ORG", "Adresse BAL": name + "@x.formation.mssante.fr", "Raison Sociale structure BAL": "CH EXEMPLE"}
	if id != "" {
		f = f.with("Type de BAL", "PER", "Type Identifiant PP", id[:1], "Identifiant PP", id[1:], "Identification nationale PP", id)
	}
	return f
}

// small is three people at two structures with four boxes.
func small() world {
	return world{
		activities: []fields{activity(anna, "ANNA", "10", "R1", "CABINET"), activity(bea, "BEA", "60", "R1", "CABINET"),
			activity(bea, "BEA", "60", "R2", "CLINIQUE"), activity(carl, "CARL", "10", "", "")},
		skills:   []fields{skill(anna, "10", "SM54"), skill(carl, "10", "SM42")},
		diplomas: []fields{diploma(anna, "DE09"), diploma(bea, "DE01")},
		boxes:    []fields{boxRow("anna", anna), boxRow("bea1", bea), boxRow("bea2", bea), boxRow("org", "")},
	}
}

func openDirectory(t testing.TB) *directory.Directory {
	t.Helper()
	d, err := directory.Open(t.TempDir())
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()) })
	return d
}

// take syncs d with w under stamp.
func take(t testing.TB, d *directory.Directory, w world, stamp string) store.Run {
	t.Helper()
	rep, err := Sync(context.Background(), d, Options{From: []string{w.folder(t, t.TempDir(), stamp)}})
	ok(t, err)
	return rep
}

// loaded is a directory with small loaded on day1.
func loaded(t testing.TB) *directory.Directory {
	t.Helper()
	d := openDirectory(t)
	if rep := take(t, d, small(), day1); rep.Outcome != store.OutcomeLoaded {
		t.Fatal(rep.Outcome)
	}
	return d
}

// state is all the records and prints of d, without provenance.
type state struct {
	People     map[string]annuaire.Professional
	Structures map[string]annuaire.Structure
	Mailboxes  map[string]annuaire.Mailbox
	Held       map[string][]string
	Prints     map[string]store.Print
}

func stateOf(t fataler, d *directory.Directory) state {
	t.Helper()
	s := state{map[string]annuaire.Professional{}, map[string]annuaire.Structure{}, map[string]annuaire.Mailbox{}, map[string][]string{}, map[string]store.Print{}}
	ok(t, d.Use(func(g *directory.Generation) error {
		if g == nil {
			return nil
		}
		return g.Store.Read(func(r store.Reader) error {
			ok(t, r.EachStructure(func(st annuaire.Structure) error { s.Structures[st.ID] = st; return nil }))
			ok(t, r.EachMailbox(func(m annuaire.Mailbox) error { s.Mailboxes[m.Address] = m; return nil }))
			for _, kind := range []annuaire.Kind{annuaire.KindPerson, annuaire.KindStructure, annuaire.KindMailbox} {
				ok(t, r.EachPacked(kind, func(id, _ []byte, p store.Print) error { s.Prints[string(kind)+" "+string(id)] = p; return nil }))
			}
			return r.EachPerson(func(p annuaire.Professional) error {
				s.People[p.ID] = p
				boxes, err := r.MailboxesOf(p.ID)
				for _, b := range boxes {
					s.Held[p.ID] = append(s.Held[p.ID], b.Address)
				}
				return err
			})
		})
	}))
	return s
}

func same(t fataler, what string, want, got state) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.IgnoreTypes(annuaire.Source{})); d != "" {
		t.Fatalf("%s: %s", what, d)
	}
}

// sound fails on anything that annuaire check would report.
func sound(t fataler, d *directory.Directory) {
	t.Helper()
	rep, err := d.Check(context.Background())
	ok(t, err)
	if rep.Problems > 0 {
		t.Fatal(rep.Examples)
	}
}

// total is the number of people that where finds.
func total(t fataler, d *directory.Directory, where annuaire.Expr) int {
	t.Helper()
	page, err := d.SearchProfessionals(context.Background(), annuaire.Query{Where: where})
	ok(t, err)
	return page.Total
}

func withBox(t fataler, d *directory.Directory, id string) bool {
	t.Helper()
	return total(t, d, annuaire.And(annuaire.Equals(annuaire.FieldID, id), annuaire.Equals(annuaire.FieldHasMailbox, "true"))) == 1
}

// asInput is the fault of the input in err, nil when it is none.
func asInput(err error) *annuaire.InputError {
	var input *annuaire.InputError
	errors.As(err, &input)
	return input
}

func contains(s string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}
