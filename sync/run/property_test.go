package run

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

func oneOf(t *rapid.T, name, values string) string {
	return rapid.SampledFrom(strings.Split(values, " ")).Draw(t, name)
}

func rowsOf(t *rapid.T, name string, most int, one func() fields) (out []fields) {
	for range rapid.IntRange(1, most).Draw(t, name) {
		out = append(out, one())
	}
	return out
}

// drawWorld draws a few rows about few people and places, so that they meet, contradict each other and repeat.
func drawWorld(t *rapid.T) world {
	person := func() string { return rapid.SampledFrom([]string{anna, bea, carl, dora}).Draw(t, "person") }
	return world{
		activities: rowsOf(t, "activities", 9, func() fields {
			f := activity(person(), oneOf(t, "family", "A B"), oneOf(t, "profession", "10 60"), "", "")
			if place := oneOf(t, "place", "none R1 R2 unnamed"); place != "none" {
				f = f.with("Code mode exercice", oneOf(t, "mode", "L S"), "Raison sociale site", oneOf(t, "name", " CABINET CLINIQUE"),
					"Code commune (coord. structure)", oneOf(t, "commune", " 48095 69383"), "Téléphone (coord. structure)", oneOf(t, "phone", " 0466000000"),
					"Code secteur d'activité", oneOf(t, "sector", "SA07 SZ9"), "Libellé secteur d'activité", oneOf(t, "label", "a b"))
				if place != "unnamed" {
					f["Identifiant technique de la structure"] = place
				}
			}
			return f
		}),
		skills:   rowsOf(t, "skills", 4, func() fields { return skill(person(), oneOf(t, "profession", "10 60"), oneOf(t, "skill", "SM54 SM42")) }),
		diplomas: rowsOf(t, "diplomas", 4, func() fields { return diploma(person(), oneOf(t, "diploma", "DE09 DE01")) }),
		boxes: rowsOf(t, "boxes", 6, func() fields {
			holder := rapid.SampledFrom([]string{anna, bea, carl, ""}).Draw(t, "holder")
			return boxRow(oneOf(t, "box", "a b c d"), holder).with("Service de rattachement", oneOf(t, "service", " X"))
		}),
	}
}

// answers is what searches find.
func answers(t fataler, d *directory.Directory) map[string]int {
	out := map[string]int{}
	one := func(args ...annuaire.Expr) annuaire.Expr { return annuaire.OneActivity(args...) }
	eq := annuaire.Equals
	for name, where := range map[string]annuaire.Expr{
		"everyone": {}, "family": eq(annuaire.FieldFamily, "a"), "profession": one(eq(annuaire.FieldProfession, "10")),
		"cardiologist in a place": one(eq(annuaire.FieldProfession, "10"), eq(annuaire.FieldSpecialty, "SM54"), eq(annuaire.FieldDepartment, "48")),
		"city":                    one(eq(annuaire.FieldCity, "lyon")), "structure": one(annuaire.Prefix(annuaire.FieldStructure, "cab")),
		"structure id": one(eq(annuaire.FieldStructID, "R1")), "mode": one(eq(annuaire.FieldMode, "L"), eq(annuaire.FieldProfession, "60")),
		"with a box": eq(annuaire.FieldHasMailbox, "true"), "box": eq(annuaire.FieldMailbox, "a@x.formation.mssante.fr"),
	} {
		out[name] = total(t, d, where)
	}
	sites, err := d.SearchStructures(context.Background(), annuaire.Query{})
	ok(t, err)
	boxes, err := d.SearchMailboxes(context.Background(), annuaire.Query{})
	ok(t, err)
	out["structures"], out["mailboxes"] = sites.Total, boxes.Total
	return out
}

// Whatever two extracts say, loading the first and syncing the second leaves what loading the second leaves.
func TestSyncEqualsLoad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "annuaire-test-")
		ok(t, err)
		defer os.RemoveAll(dir)
		open := func(name string) *directory.Directory {
			d, err := directory.Open(dir + "/" + name)
			ok(t, err)
			return d
		}
		first, second := drawWorld(t), drawWorld(t)
		if rapid.Bool().Draw(t, "much stays") {
			second = world{append(first.activities[1:], second.activities[:1]...), append(second.skills[:1], first.skills...), first.diplomas,
				append(second.boxes[:1], first.boxes...)}
		}
		aside := rapid.Bool().Draw(t, "aside")
		run := func(d *directory.Directory, w world, stamp string) store.Run {
			s := newSession(d, Options{From: []string{w.folder(t, dir, stamp)}})
			s.aside = func(int, int) bool { return aside }
			rep, err := s.sync(context.Background())
			ok(t, err)
			return rep
		}
		synced, fresh := open("synced"), open("fresh")
		defer func() { ok(t, synced.Close()); ok(t, fresh.Close()) }()
		run(synced, first, day1)
		rep := run(synced, second, day2)
		run(fresh, second, day2)
		want := stateOf(t, fresh)
		same(t, "records", want, stateOf(t, synced))
		if d := cmp.Diff(answers(t, fresh), answers(t, synced)); d != "" {
			t.Fatal(d)
		}
		sound(t, synced)
		sound(t, fresh)
		if n := len(want.People); n != rep.People.Created+rep.People.Changed+unchanged(t, synced, rep.ID) {
			t.Fatalf("%d people, %+v", n, rep.People)
		}
	})
}

// unchanged counts the people whom another run brought.
func unchanged(t fataler, d *directory.Directory, run string) (n int) {
	for _, p := range stateOf(t, d).People {
		if p.Source.Run != run {
			n++
		}
	}
	return n
}
