package directory

import (
	"os"
	"slices"
	"strings"
	"testing"

	"annuaire"
	"annuaire/internal/freetext"
	"annuaire/internal/store"
)

// idsOf collects what an export of people gives.
func idsOf(t *testing.T, d *Directory, where annuaire.Expr, after string) (out []string) {
	t.Helper()
	ok(t, d.ExportProfessionals(ctx, where, after, func(items []annuaire.Item[annuaire.Professional]) error {
		for _, it := range items {
			out = append(out, it.Value.ID)
		}
		return nil
	}))
	return out
}

func TestExports(t *testing.T) {
	d := loaded(t)
	t.Run("everyone, by id, with boxes and labels", func(t *testing.T) {
		if got := idsOf(t, d, annuaire.Expr{}, ""); !slices.Equal(got, []string{anna, bea}) {
			t.Error(got)
		}
		ok(t, d.ExportProfessionals(ctx, annuaire.Expr{}, anna, func(items []annuaire.Item[annuaire.Professional]) error {
			if len(items[0].Mailboxes) == 0 || items[0].Value.Practices[0].Profession.Label != "Médecin" {
				t.Errorf("%+v", items[0])
			}
			return nil
		}))
	})
	t.Run("by criteria, after an id", func(t *testing.T) {
		all := annuaire.Or(family("anna"), family("bea"))
		if got := idsOf(t, d, all, ""); !slices.Equal(got, []string{anna, bea}) {
			t.Error(got)
		}
		if got := idsOf(t, d, all, anna); !slices.Equal(got, []string{bea}) {
			t.Error(got)
		}
		if got := idsOf(t, d, family("bea"), bea); got != nil {
			t.Error(got)
		}
	})
	t.Run("structures and mailboxes too", func(t *testing.T) {
		var seen []string
		ok(t, d.ExportStructures(ctx, annuaire.Expr{}, "", func(items []annuaire.Item[annuaire.Structure]) error {
			seen = append(seen, items[0].Value.ID)
			return nil
		}))
		ok(t, d.ExportMailboxes(ctx, annuaire.Prefix(annuaire.FieldMailbox, "bea"), "", func(items []annuaire.Item[annuaire.Mailbox]) error {
			seen = append(seen, items[0].Value.Address)
			return nil
		}))
		if len(seen) != 2 || !strings.HasPrefix(seen[1], "bea") {
			t.Error(seen)
		}
	})
}

func TestFeed(t *testing.T) {
	d := loaded(t)
	t.Run("a first load is one change, without records", func(t *testing.T) {
		all, err := d.Changes(ctx, 0, 10)
		ok(t, err)
		if len(all) != 1 || all[0].Kind != annuaire.KindLoad || all[0].Person != nil {
			t.Fatalf("%+v", all)
		}
	})
	t.Run("who came with the load has that as history", func(t *testing.T) {
		h, err := d.History(ctx, anna)
		ok(t, err)
		if len(h) != 1 || h[0].Op != annuaire.Created || h[0].Seq != 1 || h[0].Person != nil {
			t.Fatalf("%+v", h)
		}
	})
	t.Run("someone never seen has none", func(t *testing.T) {
		if _, err := d.History(ctx, carl); annuaire.CodeOf(err) != annuaire.CodeNotFound {
			t.Error(err)
		}
	})
	news := d.Committed()
	changed := person(anna, "ANNA NEUVE")
	ok(t, d.Apply(runOf("000002"), []store.Entry{entry(t, annuaire.KindPerson, anna, changed), gone(annuaire.KindPerson, bea)}, nil))
	t.Run("a commit is announced", func(t *testing.T) {
		select {
		case <-news:
		default:
			t.Error("not announced")
		}
		select {
		case <-d.Committed():
			t.Error("announced again")
		default:
		}
	})
	t.Run("changes come after the sequence given, as many as asked", func(t *testing.T) {
		some, err := d.Changes(ctx, 1, 1)
		ok(t, err)
		if len(some) != 1 || some[0].Seq != 2 || some[0].Person == nil || some[0].Person.Family != "ANNA NEUVE" {
			t.Fatalf("%+v", some)
		}
		rest, err := d.Changes(ctx, 2, 10)
		ok(t, err)
		if len(rest) != 1 || rest[0].Op != annuaire.Gone || rest[0].ID != bea || rest[0].Person != nil {
			t.Fatalf("%+v", rest)
		}
	})
	t.Run("history goes on after the load, and after somebody has left", func(t *testing.T) {
		a, err := d.History(ctx, anna[1:])
		ok(t, err)
		b, err := d.History(ctx, bea)
		ok(t, err)
		if len(a) != 2 || a[1].Person.Family != "ANNA NEUVE" || len(b) != 2 || b[1].Op != annuaire.Gone {
			t.Fatalf("%+v %+v", a, b)
		}
	})
}

func TestEveryTextIsAQuestion(t *testing.T) {
	d := loaded(t)
	texts, err := os.ReadFile("../freetext/testdata/texts.txt")
	ok(t, err)
	for text := range strings.Lines(string(texts)) {
		for _, target := range []freetext.Target{freetext.People, freetext.Structures, freetext.Mailboxes} {
			q := freetext.Parse(text, target)
			for _, q := range append(q.Weaker(), q) {
				var err error
				switch target {
				case freetext.People:
					_, err = d.SearchProfessionals(ctx, annuaire.Query{Where: q.Where})
				case freetext.Structures:
					_, err = d.SearchStructures(ctx, annuaire.Query{Where: q.Where})
				case freetext.Mailboxes:
					_, err = d.SearchMailboxes(ctx, annuaire.Query{Where: q.Where})
				}
				if err != nil {
					t.Errorf("%q of %d: %v", text, target, err)
				}
			}
		}
	}
}

func TestSuggestions(t *testing.T) {
	d := loaded(t)
	labels := func(text string, kinds ...annuaire.SuggestionKind) string {
		got, err := d.Suggest(ctx, text, kinds, 10)
		ok(t, err)
		var out []string
		for _, s := range got {
			out = append(out, string(s.Kind)+":"+s.Label)
		}
		return strings.Join(out, " ")
	}
	people := annuaire.SuggestPerson
	t.Run("two letters are enough", func(t *testing.T) {
		if got := labels("an", people); !strings.HasPrefix(got, "professional:ANNA") {
			t.Error(got)
		}
	})
	t.Run("one is not", func(t *testing.T) {
		if got := labels("a"); got != "" {
			t.Error(got)
		}
	})
	t.Run("kinds take turns, each labelled", func(t *testing.T) {
		got := labels("be")
		if !strings.HasPrefix(got, "professional:BEA") || !strings.Contains(got, "place:Beauvais") && !strings.Contains(got, "place:Be") {
			t.Error(got)
		}
	})
	t.Run("a mistyped name is still somebody, once it is long enough to be one", func(t *testing.T) {
		ok(t, d.Apply(runOf("000002"), []store.Entry{entry(t, annuaire.KindPerson, anna, person(anna, "LAMBERTIN"))}, nil))
		if got := labels("lambretin", people); !strings.Contains(got, "LAMBERTIN") {
			t.Error(got)
		}
		if got := labels("lmab", people); got != "" {
			t.Error(got)
		}
		ok(t, d.Apply(runOf("000003"), []store.Entry{entry(t, annuaire.KindPerson, anna, person(anna, "ANNA"))}, nil))
	})
	t.Run("a number is an RPPS being typed", func(t *testing.T) {
		if got := labels(anna[1:7], people); !strings.Contains(got, "ANNA") {
			t.Error(got)
		}
	})
	t.Run("a title says nothing of who it is", func(t *testing.T) {
		for _, text := range []string{"dr anna", "M. An"} {
			if got := labels(text, people); !strings.Contains(got, "ANNA") {
				t.Errorf("%s: %s", text, got)
			}
		}
		if got := labels("dr", people); strings.Contains(got, "ANNA") {
			t.Error(got)
		}
	})
	t.Run("everyday words say what they stand for", func(t *testing.T) {
		if got := labels("kin", annuaire.SuggestProfession); !strings.HasPrefix(got, "profession:kiné") {
			t.Error(got)
		}
	})
	t.Run("the biggest town comes first, a département after it", func(t *testing.T) {
		if got := labels("paris", annuaire.SuggestPlace); !strings.HasPrefix(got, "place:Paris place:Paris") {
			t.Error(got)
		}
	})
	t.Run("nobody is suggested twice", func(t *testing.T) {
		if got := labels("anna", people); strings.Count(got, "ANNA") != 1 {
			t.Error(got)
		}
	})
}
