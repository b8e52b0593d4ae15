package names

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"case goes":                                 {"MARTIN", "martin"},
		"accents go":                                {"Bénédicte LEFÈVRE", "benedicte lefevre"},
		"a cedilla and a trema go":                  {"FRANÇOIS NOËL", "francois noel"},
		"decomposed accents go":                     {norm.NFD.String("Zélie"), "zelie"},
		"ligatures are spelt out":                   {"Œuvre CÆSAR", "oeuvre caesar"},
		"typographic ligatures are spelt out":       {"ﬁlière", "filiere"},
		"hyphen, apostrophe and space are alike":    {"DE-LA TOUR", "de la tour"},
		"a straight apostrophe is a space":          {"D'ARTAGNAN", "d artagnan"},
		"a curly apostrophe is a space":             {"L’Éducation", "l education"},
		"a modifier apostrophe is a space":          {"Lʼhay", "l hay"},
		"several spaces are one":                    {"  De   La  Tour ", "de la tour"},
		"a no-break space is a space":               {"De\u00a0La", "de la"},
		"signs at either end go":                    {"(LA) Tour.", "la tour"},
		"digits stay":                               {"SM42", "sm42"},
		"letters of other alphabets of Europe fold": {"Łukasz Đorđe Øster Strauß", "lukasz dorde oster strauss"},
		"letters outside Latin stay, in lower case": {"ΑΒΓ", "αβγ"},
		"a NUL is a sign":                           {"a\x00b", "a b"},
		"invalid UTF-8 is a sign":                   {"a\xffb", "a b"},
		"nothing stays nothing":                     {"", ""},
		"signs alone are nothing":                   {" -'’ ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Fold(c.in); got != c.want {
				t.Fatalf("Fold(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestAppendFoldLeavesWhatIsBefore(t *testing.T) {
	if got := string(AppendFold([]byte("x|"), " É")); got != "x|e" {
		t.Fatal(got)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"DE-LA TOUR", "L’Éducation", "ﬁ", "\xff", "½ ß İ", "a\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Fold(s)
		if !utf8.ValidString(got) || strings.Contains(got, "  ") || strings.TrimSpace(got) != got {
			t.Fatalf("Fold(%q) = %q", s, got)
		}
		if again := Fold(got); again != got {
			t.Fatalf("Fold(%q) = %q, folded again %q", s, got, again)
		}
	})
}

func TestWords(t *testing.T) {
	t.Run("Saint is one word, however an envelope writes it", func(t *testing.T) {
		for in, want := range map[string]string{"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "saint": "saint", "sta": "sta", "": ""} {
			if got := Full(in); got != want {
				t.Errorf("%q: %q, want %q", in, got, want)
			}
		}
	})
	t.Run("words of more than three letters lose their last s", func(t *testing.T) {
		for in, want := range map[string]string{"medecins": "medecin", "sages femmes": "sage femme", "des os": "des os", "cours": "cour", "": ""} {
			if got := Singular(in); got != want {
				t.Errorf("%q: %q, want %q", in, got, want)
			}
		}
	})
	t.Run("digits are a number, nothing is none", func(t *testing.T) {
		for in, want := range map[string]bool{"0": true, "75011": true, "": false, "2a": false, "-1": false, "٣": false} {
			if Digits(in) != want {
				t.Errorf("%q: not %v", in, want)
			}
		}
	})
}
