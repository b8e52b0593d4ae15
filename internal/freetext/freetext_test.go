package freetext

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/names"
	"annuaire/internal/nomenclature"
)

var update = flag.Bool("update", false, "write the golden files")

// short renders a tree, codes abridged.
func short(e annuaire.Expr) string {
	cost := ""
	if e.Cost > 0 {
		cost = fmt.Sprintf("+%d", e.Cost)
	}
	if e.Guess {
		cost += "?"
	}
	if len(e.Args) > 0 && e.Args[0].Op == annuaire.OpEquals && e.Op == annuaire.OpOr {
		same := true
		var codes []string
		for _, a := range e.Args {
			same = same && a.Op == annuaire.OpEquals && a.Field == e.Args[0].Field && a.Cost == 0
			codes = append(codes, a.Value)
		}
		if same {
			return string(e.Args[0].Field) + "=" + strings.Join(codes, ",") + cost
		}
	}
	sign := map[annuaire.ExprOp]string{annuaire.OpEquals: "=", annuaire.OpPrefix: "^", annuaire.OpSimilar: "~"}
	if s := sign[e.Op]; s != "" {
		return string(e.Field) + s + e.Value + cost
	}
	var args []string
	for _, a := range e.Args {
		if a.Op != annuaire.OpFalse {
			args = append(args, short(a))
		}
	}
	name := map[annuaire.ExprOp]string{annuaire.OpAnd: "and", annuaire.OpOr: "or", annuaire.OpOneActivity: "one", annuaire.OpTrue: "everyone", annuaire.OpFalse: "nobody"}[e.Op]
	if len(args) == 0 {
		return name + cost
	}
	return name + "(" + strings.Join(args, " ") + ")" + cost
}

func TestReadings(t *testing.T) {
	in, err := os.ReadFile("testdata/texts.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for text := range strings.Lines(string(in)) {
		text = strings.TrimSuffix(text, "\n")
		q := Parse(text, People)
		fmt.Fprintf(&out, "%s\n  %s\n", text, short(q.Where))
		for _, i := range q.Ignored {
			fmt.Fprintf(&out, "  ignored: %s\n", i.Text)
		}
	}
	const golden = "testdata/readings.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), out.String()); d != "" {
		t.Error(d)
	}
}

func TestWhatIsTyped(t *testing.T) {
	for _, tt := range []struct{ name, text, want, ignored string }{
		{"a trade and a town", "cardiologue lyon", "specialty city", ""},
		{"a title, a name, a trade and a département", "dr dupont ophtalmo 69", "name specialty department", ""},
		{"what is no savoir-faire is said", "kiné du sport bordeaux", "profession city", "du sport"},
		{"a sports doctor is one", "médecin du sport bordeaux", "specialty city", ""},
		{"a structure by its name", "pharmacie de la gare", "sector name", ""},
		{"a laboratory and a postal code", "laboratoire 33000", "sector postal_code", ""},
		{"a hospital, a town and a specialty", "chu nantes neurologie", "setting city specialty", ""},
		{"an RPPS number", "99012345679", "id", ""},
		{"an RPPS number with spaces", "99 012 345 679", "id", ""},
		{"a FINESS", "690000123", "finess", ""},
		{"a Corsican FINESS", "2A0000123", "finess", ""},
		{"a SIRET", "123 456 789 00012", "siret", ""},
		{"a telephone number", "04 66 00 00 00", "phone", ""},
		{"a telephone number with dots", "04.66.00.00.00", "phone", ""},
		{"an international telephone number", "+33 4 66 00 00 00", "phone", ""},
		{"a telephone number after a name", "dupont 04.66.00.00.00", "name phone", ""},
		{"a telephone number in groups, after a name", "dupont 04 66 00 00 00", "name phone", ""},
		{"an international one", "dupont +33 4 66 00 00 00 lyon", "name phone city", ""},
		{"a SIRET in groups, before a town", "123 456 789 00012 lyon", "siret city", ""},
		{"two postal codes are no number", "dentiste 33000 44000", "profession postal_code postal_code", ""},
		{"three départements are none", "dentiste 69 01 42", "profession department department department", ""},
		{"an address", "zelie.exemple@medecin.formation.mssante.fr", "mailbox", ""},
		{"an address among words", "dupont zelie@medecin.mssante.fr", "name mailbox", ""},
		{"médecin traitant is no qualification", "médecin traitant lyon", "profession city", "traitant"},
		{"an arrondissement", "dentiste lyon 3e", "profession city", ""},
		{"several words of one trade", "infirmière libérale nîmes", "profession city", ""},
		{"plurals", "cardiologues lyon", "specialty city", ""},
		{"a name with particles", "jean de la tour", "name", ""},
		{"a département by its name", "sage-femme lozère", "profession department", ""},
		{"a title glued to a name", "Dr.Dupont lyon", "name city", ""},
		{"nothing but a title is a name", "dr", "name", ""},
		{"nothing", "  ", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := Parse(tt.text, People)
			var fields, ignored []string
			for _, p := range q.Parts {
				fields = append(fields, string(p.Field))
			}
			for _, i := range q.Ignored {
				ignored = append(ignored, i.Text)
			}
			if got := strings.Join(fields, " "); got != tt.want {
				t.Errorf("%q: read as %q, want %q: %s", tt.text, got, tt.want, short(q.Where))
			}
			if got := strings.Join(ignored, " "); got != tt.ignored {
				t.Errorf("%q: ignored %q, want %q", tt.text, got, tt.ignored)
			}
		})
	}
}

func TestEverydayWords(t *testing.T) {
	for _, w := range Words() {
		t.Run(w.Text, func(t *testing.T) {
			for _, reading := range w.Readings {
				for _, c := range reading {
					table := nomenclature.Table(c.Field)
					if c.Field == annuaire.FieldSpecialty {
						table = nomenclature.Skill
					}
					for _, code := range c.Codes {
						if _, ok := nomenclature.Label(table, code); !ok {
							t.Errorf("%s has no code %s", table, code)
						}
					}
				}
			}
			for _, said := range append([]string{w.Text}, w.Others...) {
				if got := tables().phrases[names.Fold(said)]; got.Text != w.Text {
					t.Errorf("%q is also a word for %q", said, got.Text)
				}
			}
		})
	}
	t.Run("a general practitioner is one of three savoir-faire", func(t *testing.T) {
		if got := short(Parse("généraliste", People).Where); got != "one(specialty=SM26,SM53,SM54)" {
			t.Error(got)
		}
	})
	t.Run("psy is psychiatrists, psychologists and psychotherapists", func(t *testing.T) {
		if got := short(Parse("psy", People).Where); !strings.Contains(got, "specialty=") || !strings.Contains(got, "profession=93") || !strings.Contains(got, "profession=72") {
			t.Error(got)
		}
	})
	t.Run("biologists are doctors and pharmacists of section G", func(t *testing.T) {
		if got := short(Parse("biologiste", People).Where); !strings.Contains(got, "SM03") || !strings.Contains(got, "and(profession=21 section=G,EG)") {
			t.Error(got)
		}
	})
}

func TestWeaker(t *testing.T) {
	t.Run("names go last, and it is said what goes", func(t *testing.T) {
		var gone []string
		for _, w := range Parse("cardiologue xyzzyx lyon", People).Weaker() {
			if len(w.Ignored) != 1 || len(w.Parts) != 2 {
				t.Fatalf("%+v", w)
			}
			gone = append(gone, w.Ignored[0].Text)
		}
		if d := cmp.Diff([]string{"lyon", "cardiologue", "xyzzyx"}, gone); d != "" {
			t.Error(d)
		}
	})
	t.Run("one span cannot be weaker", func(t *testing.T) {
		if w := Parse("xyzzyx", People).Weaker(); w != nil {
			t.Error(w)
		}
	})
}

func leaves(e annuaire.Expr) int {
	n := 0
	for _, a := range e.Args {
		n += leaves(a)
	}
	return max(1, n)
}

// TestReadingsOfMailboxes: a mailbox is looked for by what it is for, where the words are not those of a name or a place alone.
func TestReadingsOfMailboxes(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		want       []string // parts of how it is read
		not        []string
	}{
		{"an everyday word of a specialty, which no mailbox has, is a service", "urgences", []string{"structure^urgences", "description^urgences"}, []string{"specialty"}},
		{"so is one of a profession, which mailboxes have", "infirmier", []string{"profession=60"}, []string{"specialty"}},
		{"a word that nothing is known of is a service too", "secretariat", []string{"name~", "description^secretariat"}, nil},
		{"and so may be a place", "mende", []string{"city", "description^mende"}, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := short(Parse(tt.text, Mailboxes).Where)
			for _, part := range tt.want {
				if !strings.Contains(got, part) {
					t.Errorf("%s: no %q", got, part)
				}
			}
			for _, part := range tt.not {
				if strings.Contains(got, part) {
					t.Errorf("%s: %q", got, part)
				}
			}
		})
	}
	t.Run("nobody and no structure has a description", func(t *testing.T) {
		for _, target := range []Target{People, Structures} {
			for _, text := range []string{"urgences", "secretariat mende", "clinique du parc lyon"} {
				if got := short(Parse(text, target).Where); strings.Contains(got, string(annuaire.FieldDescription)) {
					t.Errorf("%s: %s", text, got)
				}
			}
		}
	})
	t.Run("nothing is left out before it is known that nothing matches", func(t *testing.T) {
		q := Parse("urgences mende", Mailboxes)
		if len(q.Ignored) != 0 || len(q.Parts) != 2 {
			t.Errorf("%+v %+v", q.Ignored, q.Parts)
		}
		for _, w := range q.Weaker() {
			if len(w.Ignored) != 1 || len(w.Parts) != 1 || w.Ignored[0].Text == w.Parts[0].Text {
				t.Errorf("%+v %+v", w.Ignored, w.Parts)
			}
		}
	})
}

func TestAnyTextIsAQuestion(t *testing.T) {
	pieces := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"psy", "lyon", "paris", "de", "la", "69", "dr", "du sport", "kiné", "saint", "chirurgien", "2a", "@", "0466000000", "dupont"}))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 20).Draw(t, "text"), " ")
		for _, target := range []Target{People, Structures, Mailboxes} {
			q := Parse(text, target)
			if n := leaves(q.Where); n > 400 {
				t.Fatalf("%d leaves", n)
			}
			if len(q.spans) != len(q.Parts) {
				t.Fatal("a span without its part")
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"cardiologue lyon", "", "\x00\xff", "99012345679", "a@b", "st st st", "🩺 lyon"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := Parse(s, People)
		for _, p := range q.Parts {
			if utf8.ValidString(s) && !utf8.ValidString(p.Text) {
				t.Errorf("%q: part %q", s, p.Text)
			}
		}
		_ = q.Weaker()
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		Parse("dr dupont ophtalmo saint etienne", People)
	}
}
