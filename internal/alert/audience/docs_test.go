package audience

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocs holds docs/AUDIENCES.md against the code.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile("../../../docs/AUDIENCES.md")
	if err != nil {
		t.Fatal(err)
	}
	fenced := func(kind string) string {
		_, rest, ok := strings.Cut(string(page), "```"+kind+"\n")
		text, _, closed := strings.Cut(rest, "\n```")
		if !ok || !closed {
			t.Fatalf("no example in %q", kind)
		}
		return text
	}
	t.Run("the example is canonical, and the same in both forms", func(t *testing.T) {
		text := fenced("")
		a, err := Parse(text)
		if err != nil || a.String() != text {
			t.Fatal(a, err)
		}
		b, err := ParseJSON([]byte(fenced("json")))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, b, sameTree); diff != "" {
			t.Fatal(diff)
		}
		if _, err := a.Resolve(); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("every criterion and every rule is there", func(t *testing.T) {
		words := []string{ruleSyntax, ruleLimit, ruleField, ruleValue, ruleEmpty, ruleKind, ruleEveryone, rulePlace, string(fieldKind)}
		for f := range fields {
			words = append(words, string(f))
		}
		for _, w := range words {
			if !strings.Contains(string(page), "`"+w+"`") {
				t.Errorf("`%s` is missing", w)
			}
		}
	})
	t.Run("what it says in passing can be read", func(t *testing.T) {
		for _, text := range []string{"mode:L -sector:SA07", "médecin exclude(sector:SA07)", "include(rpps:99012345679,99012345687)", "department:69 OR (profession:99 department:38)",
			`word:urgentiste,kiné,"infirmier libéral"`, `city:"Paris 12"`, "médecin department:48"} {
			if a, err := Parse(text); err != nil {
				t.Error(text, err)
			} else if _, err := a.Resolve(); err != nil {
				t.Error(text, err)
			}
		}
	})
}
