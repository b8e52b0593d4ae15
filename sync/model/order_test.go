package model

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"annuaire"
	"annuaire/sync/extract"
)

// shuffled gives the same rows in another order, some of them twice.
func shuffled[T any](t *rapid.T, rows []T) []T {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1))
	out := slices.Clone(rows)
	for range rapid.IntRange(0, 2).Draw(t, "duplicates") {
		if len(rows) > 0 {
			out = append(out, rows[r.IntN(len(rows))])
		}
	}
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// variants are the values that random rows take, many of them empty, some of them unknown to the tables.
var variants = map[extract.Kind]map[string]string{
	extract.Activities: {"Nom d'exercice": "A B", "Prénom d'exercice": " A B", "Code civilité": " M MME", "Code civilité d'exercice": " DR PR",
		"Code profession": "10 21 P9", "Libellé profession": " a b", "Code catégorie professionnelle": "C M Z", "Libellé catégorie professionnelle": " a b",
		"Code type savoir-faire": "S CEX", "Code savoir-faire": " SM54 SZ9", "Libellé savoir-faire": " a b", "Code mode exercice": " L Z", "Libellé mode exercice": " a b",
		"Code secteur d'activité": " SA01 SA99", "Libellé secteur d'activité": " a b", "Code section tableau pharmaciens": " A", "Code rôle": " R9", "Libellé rôle": " a b",
		"Code genre activité": " GENR01", "Autorité d'enregistrement": " CNOM//", "Identifiant technique de la structure": " R1 R2"},
	extract.Skills: {"Code profession": "10 60 P9", "Libellé profession": " a c", "Code catégorie professionnelle": "C Z", "Libellé catégorie professionnelle": " a c",
		"Code type savoir-faire": "S PAC DEC", "Code savoir-faire": " SM54 SM42 SZ9", "Libellé savoir-faire": " a c"},
	extract.Diplomas: {"Code type diplôme obtenu": " DE DES", "Code diplôme obtenu": " DE09 DZ9", "Libellé diplôme obtenu": " a b",
		"Code type autorisation": " AM01 AZ9", "Libellé type autorisation": " a b", "Code discipline autorisation": " D9", "Libellé discipline autorisation": " a b"},
	extract.Mailboxes: {"Type de BAL": "PER ORG", "Identifiant PP": " 99000000017 99000000025", "Nom d'exercice": " A B", "Prénom d'exercice": " A B",
		"Code Profession": " 10 P9", "Libellé Profession": " a b", "Dématérialisation": " O N ?", "Identification Structure": " 1 2", "Service de rattachement": " A B",
		"Raison Sociale structure BAL": " A B", "L2COMPLEMENTLOCALISATION structure BAL": " A", "L4LIBELLEVOIE structure BAL": " A B", "L6LIGNEACHEMINEMENT structure BAL": " A B"},
}

func drawRow(t *rapid.T, kind extract.Kind, base fields) fields {
	out := base.with()
	for _, col := range slices.Sorted(maps.Keys(variants[kind])) {
		out[col] = rapid.SampledFrom(strings.Split(variants[kind][col], " ")).Draw(t, col)
	}
	return out
}

func drawRows(t *rapid.T, kind extract.Kind, base fields, least int) []fields {
	return few(t, kind, least, func() fields { return drawRow(t, kind, base) })
}

func few[T any](t *rapid.T, kind extract.Kind, least int, one func() T) (out []T) {
	for range rapid.IntRange(least, 5).Draw(t, kind.String()) {
		out = append(out, one())
	}
	return out
}

func TestRecordsDoNotDependOnTheOrderOfRows(t *testing.T) {
	t.Run("a person, nor on duplicates", func(outer *testing.T) {
		rapid.Check(outer, func(t *rapid.T) {
			in := input(outer, drawRows(t, extract.Activities, anna, 1), drawRows(t, extract.Skills, anna, 0), drawRows(t, extract.Diplomas, anna, 0))
			want := Person(annaID, in)
			order := make([]int, len(in.Activities))
			for i := range order {
				order[i] = i
			}
			other := Rows{Skills: shuffled(t, in.Skills), Diplomas: shuffled(t, in.Diplomas)}
			twice := shuffled(t, order)
			slices.Sort(twice)
			twice = slices.Compact(twice) // names are voted on by distinct rows: see run, which hands out no duplicates
			rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 2)).Shuffle(len(twice), func(i, j int) { twice[i], twice[j] = twice[j], twice[i] })
			for _, i := range twice {
				other.Activities, other.Sites = append(other.Activities, in.Activities[i]), append(other.Sites, in.Sites[i])
			}
			if d := cmp.Diff(want, Person(annaID, other)); d != "" {
				t.Fatal(d)
			}
			wellFormed(t, want)
		})
	})
	t.Run("a mailbox", func(outer *testing.T) {
		rapid.Check(outer, func(t *rapid.T) {
			var rows []extract.MailboxRow
			base := fields{"Adresse BAL": "a@formation.mssante.fr", "Type Identifiant PP": "8"}
			for _, r := range rowsOf(outer, extract.Mailboxes, drawRows(t, extract.Mailboxes, base, 1)...) {
				rows = append(rows, r.Mailbox())
			}
			want := Mailbox(rows, 1)
			slices.Reverse(rows)
			if d := cmp.Diff(want, Mailbox(rows, 1)); d != "" {
				t.Fatal(d)
			}
			rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 3)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			if d := cmp.Diff(want, Mailbox(rows, 1)); d != "" {
				t.Fatal(d)
			}
		})
	})
	t.Run("a structure", func(outer *testing.T) {
		rapid.Check(outer, func(t *rapid.T) {
			var all []Stated
			base := anna.with("Identifiant technique de la structure", "R9")
			for _, r := range rowsOf(outer, extract.Activities, few(t, extract.Activities, 1, func() fields {
				return base.with("Raison sociale site", rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "name"), "Code postal (coord. structure)",
					rapid.SampledFrom([]string{"", "48000", "69003"}).Draw(t, "cp"), "Téléphone (coord. structure)", rapid.SampledFrom([]string{"", "0466000000", "?"}).Draw(t, "tel"),
					"Code secteur d'activité", rapid.SampledFrom([]string{"", "SA01", "SA99"}).Draw(t, "sector"), "Libellé secteur d'activité",
					rapid.SampledFrom([]string{"", "a"}).Draw(t, "label"))
			})...) {
				all = append(all, Stated{StructureOf(r), rapid.IntRange(1, 3).Draw(t, "rows")})
			}
			want := Settle(all)
			slices.Reverse(all)
			if d := cmp.Diff(want, Settle(all)); d != "" {
				t.Fatal(d)
			}
		})
	})
}

// wellFormed checks what readers of records count on.
func wellFormed(t *rapid.T, p annuaire.Professional) {
	seen := map[string]bool{}
	for _, pr := range p.Practices {
		key := pr.Profession.Code + "/" + pr.Category.Code
		if seen[key] {
			t.Fatal("two practices of", key)
		}
		seen[key] = true
	}
	for _, a := range p.Activities {
		if !seen[a.Profession+"/"+a.Category] {
			t.Fatal("an activity without its practice")
		}
	}
	if len(p.Practices) == 0 || len(p.Situations()) < len(p.Practices) {
		t.Fatal("a practice that is no situation")
	}
}
