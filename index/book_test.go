package index

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/internal/names"
)

func bookOf(t testing.TB, cards ...card.Card) *Book {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "book")
	b, err := CreateBook(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cards {
		if err := b.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Finish(7); err != nil {
		t.Fatal(err)
	}
	open, err := OpenBook(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := open.Close(); err != nil {
			t.Error(err)
		}
	})
	return open
}

func box(address, family, given string, more ...string) card.Card {
	b := card.New(annuaire.BookMailboxes, address).Add(card.Mail, address).Add(card.SN, family).Add(card.GivenName, given)
	for i := 0; i+1 < len(more); i += 2 {
		b.Add(map[string]card.Attr{"o": card.O, "l": card.L, "title": card.Title, "phone": card.TelephoneNumber, "description": card.Description, "second": card.SecondEmail}[more[i]], more[i+1])
	}
	return b.Card()
}

func someBoxes() []card.Card {
	return []card.Card{
		box("jean.dupont@medecin.mssante.fr", "DUPONT", "Jean", "o", "CABINET DUPONT", "l", "Lyon", "title", "Médecin - Cardiologie", "phone", "+33466000000"),
		box("a.dupuy@chu.mssante.fr", "DUPUY", "Anne", "l", "Dupleix"),
		box("z.leduphil@chu.mssante.fr", "LEDUPHIL", "Zoé", "second", "zoe@lyon.mssante.fr"),
		box("accueil@clinique.mssante.fr", "CLINIQUE DU PARC", "", "o", "CLINIQUE DU PARC", "description", "Accueil des urgences"),
		box("duparc@x.mssante.fr", "MARTIN", "Dupa"),
	}
}

func browse(t testing.TB, b *Book, q annuaire.Browse) (ids []string) {
	t.Helper()
	q.Book = annuaire.BookMailboxes
	if err := b.Browse(context.Background(), q, func(c Candidate) (bool, error) {
		if parsed, err := card.Parse(c.Card); err != nil || string(parsed.ID()) != c.ID {
			return false, fmt.Errorf("%s has another card: %w", c.ID, err)
		}
		ids = append(ids, c.ID)
		return true, nil
	}); err != nil {
		t.Fatal(err)
	}
	return ids
}

func contain(f annuaire.Field, v string) annuaire.Expr {
	return annuaire.Expr{Op: annuaire.OpContains, Field: f, Value: v}
}

func TestTheBookAnswersWithCandidates(t *testing.T) {
	b := bookOf(t, someBoxes()...)
	dupont, dupuy, leduphil, clinic, dupa := "jean.dupont@medecin.mssante.fr", "a.dupuy@chu.mssante.fr", "z.leduphil@chu.mssante.fr", "accueil@clinique.mssante.fr", "duparc@x.mssante.fr"
	for _, tt := range []struct {
		rule string
		q    annuaire.Browse
		want []string
	}{
		{"everyone, in the order of names", annuaire.Browse{}, []string{clinic, dupont, dupuy, leduphil, dupa}},
		{"beginnings of the surname come before those of the given name, parts of words last",
			annuaire.Browse{Where: contain(annuaire.FieldName, "dup")}, []string{dupont, dupuy, dupa, leduphil}},
		{"a surname that begins so comes before a word further on", annuaire.Browse{Where: contain(annuaire.FieldFamily, "du")}, []string{dupont, dupuy, clinic, leduphil}},
		{"as does a longer one", annuaire.Browse{Where: annuaire.Prefix(annuaire.FieldFamily, "dupo")}, []string{dupont}},
		{"parts are looked for only where beginnings are too few", annuaire.Browse{Where: contain(annuaire.FieldName, "dup"), Enough: 3}, []string{dupont, dupuy, dupa}},
		{"where they are too few, they are", annuaire.Browse{Where: contain(annuaire.FieldName, "dup"), Enough: 4}, []string{dupont, dupuy, dupa, leduphil}},
		{"a part of one letter", annuaire.Browse{Where: contain(annuaire.FieldFamily, "h")}, []string{leduphil}},
		{"a part longer than a piece", annuaire.Browse{Where: contain(annuaire.FieldFamily, "upon")}, []string{dupont}},
		{"an address, whole", annuaire.Browse{Where: annuaire.Equals(annuaire.FieldMailbox, "Jean.Dupont@medecin.mssante.fr")}, []string{dupont}},
		{"the second address of somebody", annuaire.Browse{Where: annuaire.Equals(annuaire.FieldMailbox, "zoe@lyon.mssante.fr")}, []string{leduphil}},
		{"the beginning of an address", annuaire.Browse{Where: annuaire.Prefix(annuaire.FieldMailbox, "jean.dup")}, []string{dupont}},
		{"a part of an address", annuaire.Browse{Where: contain(annuaire.FieldMailbox, "liniq")}, []string{clinic}},
		{"accents do not count", annuaire.Browse{Where: contain(annuaire.FieldTitle, "medec")}, []string{dupont}},
		{"a telephone number as it is written", annuaire.Browse{Where: contain(annuaire.FieldPhone, "466 00")}, []string{dupont}},
		{"letters are in nobody's telephone number", annuaire.Browse{Where: contain(annuaire.FieldPhone, "dupo")}, nil},
		{"presence", annuaire.Browse{Where: annuaire.Present(annuaire.FieldDescription)}, []string{clinic}},
		{"together", annuaire.Browse{Where: annuaire.And(contain(annuaire.FieldName, "dup"), annuaire.Equals(annuaire.FieldCity, "lyon"))}, []string{dupont}},
		{"either", annuaire.Browse{Where: annuaire.Or(annuaire.Equals(annuaire.FieldFamily, "dupuy"), annuaire.Equals(annuaire.FieldStructure, "clinique du parc"))}, []string{clinic, dupuy}},
		{"either name, and one of them", annuaire.Browse{Where: annuaire.Or(contain(annuaire.FieldGiven, "dup"), contain(annuaire.FieldName, "dup"), contain(annuaire.FieldFamily, "zo"))}, []string{dupont, dupuy, dupa, leduphil}},
		{"what nobody has", annuaire.Browse{Where: contain(annuaire.FieldName, "zzq")}, nil},
		{"nothing but signs cannot be told", annuaire.Browse{Where: contain(annuaire.FieldFamily, "-")}, []string{clinic, dupont, dupuy, leduphil, dupa}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, browse(t, b, tt.q)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheBookGoesOnAfterAPosition(t *testing.T) {
	b := bookOf(t, someBoxes()...)
	for _, where := range []annuaire.Expr{{}, contain(annuaire.FieldName, "dup")} {
		all := browse(t, b, annuaire.Browse{Where: where})
		var paged []string
		var after *annuaire.Position
		for range len(all) + 1 {
			if err := b.Browse(context.Background(), annuaire.Browse{Where: where, After: after}, func(c Candidate) (bool, error) {
				paged, after = append(paged, c.ID), &c.At
				return false, nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(all, paged) {
			t.Errorf("%v one by one, %v at once", paged, all)
		}
	}
}

func TestTheBookFollowsChanges(t *testing.T) {
	b := bookOf(t, someBoxes()...)
	if err := b.Apply(9, []card.Card{box("a.dupuy@chu.mssante.fr", "DURAND", "Anne"), box("new@x.mssante.fr", "DUPRE", "Luc")}, []string{"jean.dupont@medecin.mssante.fr"}); err != nil {
		t.Fatal(err)
	}
	if got := browse(t, b, annuaire.Browse{Where: annuaire.Prefix(annuaire.FieldFamily, "du")}); !slices.Equal(got, []string{"new@x.mssante.fr", "a.dupuy@chu.mssante.fr", "accueil@clinique.mssante.fr"}) {
		t.Error(got)
	}
	if n, err := b.Seq(); n != 9 || err != nil {
		t.Error(n, err)
	}
	t.Run("a card is found by its address, unless it has gone", func(t *testing.T) {
		for address, there := range map[string]bool{"new@x.mssante.fr": true, "a.dupuy@chu.mssante.fr": true, "jean.dupont@medecin.mssante.fr": false, "+": false, "": false} {
			ok, err := b.Card(address, func(raw []byte) error {
				c, err := card.Parse(raw)
				if string(c.ID()) != address || familyOf(c) == names.Fold("DUPUY") {
					t.Error(string(c.ID()), familyOf(c))
				}
				return err
			})
			if ok != there || err != nil {
				t.Error(address, ok, err)
			}
		}
	})
}

// TestNobodyIsMissedInTheBook holds candidates against what a plain look at every card finds.
func TestNobodyIsMissedInTheBook(t *testing.T) {
	words := []string{"dupont", "du", "pont", "Élise", "elise", "de la tour", "d'Arc", "œuvre", "saint-ex", "a", "ab", "abc", "bca", "x", "12", "é", "日本"}
	fields := map[annuaire.Field][]card.Attr{annuaire.FieldFamily: {card.SN}, annuaire.FieldGiven: {card.GivenName}, annuaire.FieldName: {card.SN, card.GivenName},
		annuaire.FieldMailbox: {card.Mail}, annuaire.FieldStructure: {card.O}, annuaire.FieldCity: {card.L}, annuaire.FieldTitle: {card.Title}}
	asked := slices.Sorted(maps.Keys(fields))
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range 1 + random.IntN(3) {
			b.WriteString(words[random.IntN(len(words))] + []string{" ", "-", "  ", ""}[random.IntN(4)])
		}
		return strings.TrimSpace(b.String())
	}
	var cards []card.Card
	for i := range 300 {
		cards = append(cards, box(fmt.Sprintf("%s.%d@x.mssante.fr", strings.NewReplacer(" ", ".", "'", "").Replace(strings.ToLower(text())), i), text(), text(), "o", text(), "l", text(), "title", text()))
	}
	b := bookOf(t, cards...)
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(asked).Draw(t, "field")
		e := annuaire.Expr{Op: rapid.SampledFrom([]annuaire.ExprOp{annuaire.OpEquals, annuaire.OpPrefix, annuaire.OpContains}).Draw(t, "op"), Field: f}
		c := rapid.SampledFrom(cards).Draw(t, "card")
		attr := rapid.SampledFrom(fields[f]).Draw(t, "attr")
		var whole string
		for v := range c.Values(attr) {
			whole = string(v)
		}
		runes := []rune(whole)
		from, to := rapid.IntRange(0, len(runes)).Draw(t, "from"), rapid.IntRange(0, len(runes)).Draw(t, "to")
		switch {
		case e.Op == annuaire.OpEquals || from >= to && e.Op == annuaire.OpContains:
			e.Value = whole
		case e.Op == annuaire.OpPrefix:
			e.Value = string(runes[:to])
		default:
			e.Value = string(runes[from:to])
		}
		found := map[string]bool{}
		if err := b.Browse(context.Background(), annuaire.Browse{Where: e}, func(c Candidate) (bool, error) { found[c.ID] = true; return true, nil }); err != nil {
			t.Fatal(err)
		}
		want := names.Fold(e.Value)
		for _, c := range cards {
			for _, attr := range fields[f] {
				for v := range c.Values(attr) {
					have, matches := names.Fold(string(v)), false
					switch e.Op {
					case annuaire.OpEquals:
						matches = string(v) == e.Value
					case annuaire.OpPrefix:
						matches = strings.HasPrefix(have, want)
					default:
						matches = strings.Contains(have, want)
					}
					if matches && !found[string(c.ID())] {
						t.Fatalf("%d %s %q misses %s (%q)", e.Op, f, e.Value, c.ID(), v)
					}
				}
			}
		}
	})
}

func TestPagesOfManyNamesakes(t *testing.T) {
	var cards []card.Card
	for i := range 5000 {
		cards = append(cards, box(fmt.Sprintf("b%04d@x.mssante.fr", (i*7919)%5000), []string{"SECRETARIAT MEDICAL", "SECRETARIAT MEDICO", "A"}[i%3], ""))
	}
	b := bookOf(t, cards...)
	ordered(t, b)
	all := browse(t, b, annuaire.Browse{})
	want := slices.SortedFunc(slices.Values(cards), func(x, y card.Card) int {
		for _, c := range []int{strings.Compare(familyOf(x), familyOf(y)), strings.Compare(string(x.ID()), string(y.ID()))} {
			if c != 0 {
				return c
			}
		}
		return 0
	})
	for i, c := range want {
		if all[i] != string(c.ID()) {
			t.Fatalf("place %d is of %s, not of %s", i, all[i], c.ID())
		}
	}
	for _, size := range []int{1, 999} {
		var paged []string
		var after *annuaire.Position
		for range 3 {
			n := 0
			if err := b.Browse(context.Background(), annuaire.Browse{After: after}, func(c Candidate) (bool, error) {
				paged, after = append(paged, c.ID), &c.At
				n++
				return n < size, nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(paged, all[:len(paged)]) || len(paged) != 3*size {
			t.Errorf("pages of %d are not the beginning", size)
		}
	}
}

// ordered waits until nothing is loaded in the background any more.
func ordered(t *testing.T, b *Book) {
	t.Helper()
	if err := b.eachView("", func(v *view, _ *roaring.Bitmap) error {
		_, err := v.keys.sorted(context.Background(), v)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func familyOf(c card.Card) string {
	for v := range c.Values(card.SN) {
		return names.Fold(string(v))
	}
	return ""
}
