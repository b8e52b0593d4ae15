package nomenclature

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Run("comments, empty lines and CRLF are no codes", func(t *testing.T) {
		tab, err := parse(Mode, "# a comment\r\n\r\nB\tBénévole\r\nA\tAutre\tDivers|Reste\t2020\r\n")
		if err != nil {
			t.Fatal(err)
		}
		want := []entry{{"A", "Autre", []string{"Divers", "Reste"}, "2020"}, {"B", "Bénévole", nil, ""}}
		if diff := cmp.Diff(want, tab.entries, cmp.AllowUnexported(entry{})); diff != "" {
			t.Error(diff)
		}
	})
	for name, text := range map[string]string{
		"a line without label":      "A\n",
		"a line without code":       "\tAutre\n",
		"a fifth column":            "A\tAutre\t\t\t\n",
		"the same code twice":       "A\tAutre\nA\tEncore\n",
		"codes that differ by case": "A\tAutre\na\tEncore\n",
	} {
		t.Run(name+" is an error", func(t *testing.T) {
			if _, err := parse(Mode, text); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("A\tAutre\tDivers|Reste\t2020\n# c\n")
	f.Add("A\t\xff\n")
	f.Fuzz(func(t *testing.T, text string) {
		tab, err := parse(Skill, text)
		if err != nil {
			return
		}
		for i, e := range tab.entries {
			if tab.byCode[strings.ToUpper(e.code)] != i {
				t.Fatalf("code %q is not where it is said to be", e.code)
			}
		}
	})
}

func TestSettings(t *testing.T) {
	var b strings.Builder
	for _, code := range append(Codes(Sector), "SA65", "", "XX") {
		label, _ := Label(Sector, code)
		s := SettingOf(code)
		if s != "" {
			if _, ok := Label(Setting, s); !ok {
				t.Errorf("%s: unknown setting %q", code, s)
			}
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\n", code, s, label)
	}
	golden(t, "settings.golden", b.String())
}
