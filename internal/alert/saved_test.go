package alert_test

import (
	"fmt"
	"strings"
	"testing"

	"annuaire"
	"annuaire/fixtures"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/run"

	gocmp "github.com/google/go-cmp/cmp"
)

func TestSavedAudiences(t *testing.T) {
	d, err := directory.Open(t.TempDir())
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()) })
	k := desk(d, nil, with)
	first, err := k.Save(ctx, author, "rougeole-69", "Rougeole, Rhône", "médecin OU pédiatre", 0)
	ok(t, err)
	t.Run("what is saved is the canonical text, at version 1", func(t *testing.T) {
		if first.Text != "word:médecin OR word:pédiatre" || first.Version != 1 || first.By != "abc123" || first.Created.IsZero() {
			t.Fatal(first)
		}
		got, err := k.Audience(ctx, "rougeole-69", 0)
		if ok(t, err); !gocmp.Equal(got, first) || string(got.Tree) != `{"where":{"any":[{"field":"word","values":["médecin"]},{"field":"word","values":["pédiatre"]}]}}` {
			t.Fatal(got)
		}
	})
	t.Run("saving the same again changes nothing", func(t *testing.T) {
		again, err := k.Save(ctx, author, "rougeole-69", "Rougeole, Rhône", `{"where":{"field":"word","values":["médecin","pédiatre"]}}`, 1)
		if err != nil || again.Version == first.Version {
			t.Fatal("two ways to say it are two texts") // OR of two criteria is not one criterion of two values
		}
		same, err := k.Save(ctx, author, "rougeole-69", again.Title, again.Text, 2)
		if ok(t, err); !gocmp.Equal(same, again) {
			t.Fatal(same)
		}
	})
	t.Run("an earlier version can still be read", func(t *testing.T) {
		got, err := k.Audience(ctx, "rougeole-69", 1)
		if ok(t, err); !gocmp.Equal(got, first) || string(got.Tree) != `{"where":{"any":[{"field":"word","values":["médecin"]},{"field":"word","values":["pédiatre"]}]}}` {
			t.Fatal(got)
		}
	})
	t.Run("it stays when the directory is opened again", func(t *testing.T) {
		all, err := k.Audiences(ctx)
		if ok(t, err); len(all) != 1 || all[0].Version != 2 {
			t.Fatal(all)
		}
	})
	for _, tt := range []struct {
		rule, name, title, form string
		expect                  uint64
		code                    annuaire.Code
		broken                  string
	}{
		{"another version than the one that was read is refused", "rougeole-69", "", "médecin", 1, annuaire.CodePrecondition, "audience_version"},
		{"a name that is taken is refused to who thinks it new", "rougeole-69", "", "médecin", 0, annuaire.CodePrecondition, "audience_version"},
		{"one that is not there has no version", "autre", "", "médecin", 3, annuaire.CodePrecondition, "audience_version"},
		{"a name with a space", "deux mots", "", "médecin", 0, annuaire.CodeInvalid, "audience_name"},
		{"a name with a NUL", "a\x00b", "", "médecin", 0, annuaire.CodeInvalid, "audience_name"},
		{"a name too long", strings.Repeat("a", 64), "", "médecin", 0, annuaire.CodeInvalid, "audience_name"},
		{"a name that is an address of its own", "preview", "", "médecin", 0, annuaire.CodeInvalid, "audience_name"},
		{"a title too long", "a", strings.Repeat("é", 200+1), "médecin", 0, annuaire.CodeInvalid, "audience_title"},
		{"a title of two lines", "a", "a\nb", "médecin", 0, annuaire.CodeInvalid, "audience_title"},
		{"an audience that cannot be read", "a", "", "médecin (", 0, annuaire.CodeInvalid, "audience_syntax"},
		{"one that is not understood", "a", "", "médcin", 0, annuaire.CodeInvalid, "audience_value"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if _, err := k.Save(ctx, author, tt.name, tt.title, tt.form, tt.expect); annuaire.CodeOf(err) != tt.code || annuaire.RuleOf(err) != tt.broken {
				t.Fatal(err, annuaire.RuleOf(err))
			}
		})
	}
	t.Run("removing takes the version, the earlier ones with it, and leaves the name free", func(t *testing.T) {
		if err := k.Remove(ctx, author, "rougeole-69", 1); annuaire.RuleOf(err) != "audience_version" {
			t.Fatal(err)
		}
		ok(t, k.Remove(ctx, author, "rougeole-69", 2))
		for _, v := range []uint64{0, 1, 2} {
			if _, err := k.Audience(ctx, "rougeole-69", v); annuaire.CodeOf(err) != annuaire.CodeNotFound {
				t.Fatal(v, err)
			}
		}
		if err := k.Remove(ctx, author, "rougeole-69", 2); annuaire.CodeOf(err) != annuaire.CodeNotFound {
			t.Fatal(err)
		}
		again, err := k.Save(ctx, author, "rougeole-69", "", "kiné", 0)
		if ok(t, err); again.Version != 1 {
			t.Fatal(again)
		}
	})
	t.Run("there is a limit to how many there are", func(t *testing.T) {
		ok(t, k.Remove(ctx, author, "rougeole-69", 1))
		ok(t, d.Ledger.Update(func(tx *store.Tx) error {
			table := store.NewTable[annuaire.SavedAudience]("audiences")
			for i := range 1_000 {
				if err := table.Put(tx, fmt.Sprint("n", i), annuaire.SavedAudience{Name: fmt.Sprint("n", i), Text: "word:kiné", Version: 1}); err != nil {
					return err
				}
			}
			return nil
		}))
		if _, err := k.Save(ctx, author, "one-more", "", "kiné", 0); annuaire.CodeOf(err) != annuaire.CodeTooMany {
			t.Fatal(err)
		}
	})
	t.Run("two who write at once: one is told", func(t *testing.T) {
		got := make(chan error)
		for i := range 8 {
			go func() {
				_, err := k.Save(ctx, author, "n0", fmt.Sprint("titre ", i), "kiné", 1)
				got <- err
			}()
		}
		won := 0
		for range 8 {
			if err := <-got; err == nil {
				won++
			} else if annuaire.CodeOf(err) != annuaire.CodePrecondition {
				t.Fatal(err)
			}
		}
		if won != 1 {
			t.Fatal(won)
		}
	})
}

func TestWhatChangedSinceTheLastPreview(t *testing.T) {
	d, err := directory.Open(t.TempDir())
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()) })
	k := desk(d, nil, with)
	days := make([]map[string]*soul, 2)
	take := func(day int) {
		from := t.TempDir()
		_, err := fixtures.Generate(ctx, fixtures.Options{People: 800, Seed: 5, Day: day * 200, Out: from})
		ok(t, err)
		_, err = run.Sync(ctx, d, run.Options{From: []string{from}, Yes: true, By: "test"})
		ok(t, err)
		days[day] = souls(t, from)
	}
	take(0)
	_, err = k.Save(ctx, author, "tous", "", "everyone include(profession:99,41)", 0)
	ok(t, err)
	look := func() annuaire.AudiencePreview {
		p, err := k.PreviewSaved(ctx, author, "tous", annuaire.PreviewOptions{})
		ok(t, err)
		return p
	}
	t.Run("the first preview has nothing to compare with", func(t *testing.T) {
		if p := look(); p.Since != nil {
			t.Fatal(p.Since)
		}
	})
	t.Run("the next one, of the same data, says that nothing changed", func(t *testing.T) {
		p := look()
		if p.Since == nil || p.Since.Joined != 0 || p.Since.Left != 0 || p.Since.Selected != p.Selected || p.Since.Version != 1 {
			t.Fatal(p.Since)
		}
	})
	t.Run("after a sync it says who came and who left", func(t *testing.T) {
		take(1)
		joined, left := 0, 0
		for id := range days[1] {
			if days[0][id] == nil {
				joined++
			}
		}
		for id := range days[0] {
			if days[1][id] == nil {
				left++
			}
		}
		p := look()
		if p.Since.Joined != joined || p.Since.Left != left || joined == 0 || left == 0 {
			t.Fatalf("%+v, the rows say %d and %d", p.Since, joined, left)
		}
	})
	t.Run("an audience that is gone has no preview", func(t *testing.T) {
		ok(t, k.Remove(ctx, author, "tous", 1))
		if _, err := k.PreviewSaved(ctx, author, "tous", annuaire.PreviewOptions{}); annuaire.CodeOf(err) != annuaire.CodeNotFound {
			t.Fatal(err)
		}
		_, err := k.Save(ctx, author, "tous", "", "everyone", 0)
		ok(t, err)
		if p := look(); p.Since != nil {
			t.Fatal("its last preview outlived it")
		}
	})
}
