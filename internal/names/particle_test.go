package names

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// alike reports what Keys promises: the two names differ by cuts, particles or the way to write Saint alone.
func alike(a, b string) bool {
	forms := func(s string) []string { return append(Keys(Fold(s)), strings.ReplaceAll(Fold(s), " ", "")) }
	return slices.ContainsFunc(forms(a), func(k string) bool { return slices.Contains(forms(b), k) })
}

func TestOtherSpellings(t *testing.T) {
	t.Run("names that differ by cuts, particles or Saint are alike", func(t *testing.T) {
		for _, p := range [][2]string{
			{"DELATOUR", "de La Tour"}, {"DE LA TOUR", "LATOUR"}, {"LE GOFF", "LEGOFF"}, {"D'ALMEIDA", "ALMEIDA"}, {"d’Arc", "DARC"}, {"VAN DER BERG", "Vandenberg"[:3] + "DERBERG"},
			{"VON BRAUN", "Braun"}, {"BEN ALI", "BENALI"}, {"EL KHOURY", "ELKHOURY"}, {"EL-KHOURY", "KHOURY"}, {"ST EXUPERY", "SAINT-EXUPÉRY"}, {"STE MARIE", "Sainte Marie"},
			{"Jean-Pierre", "JEANPIERRE"}, {"DU PUY", "Dupuy"}, {"MARTIN DE LA TOUR", "DELATOUR"}, {"DES  MOULINS", "Desmoulins"},
		} {
			if !alike(p[0], p[1]) {
				t.Errorf("%q and %q: keys %q and %q", p[0], p[1], Keys(Fold(p[0])), Keys(Fold(p[1])))
			}
		}
	})
	t.Run("other names are not", func(t *testing.T) {
		for _, p := range [][2]string{{"MARTIN", "MARTINEZ"}, {"DE LA TOUR", "DE LA ROCHE"}, {"SAINT-MARTIN", "MARTIN"}, {"LE GOFF", "LE GALL"}, {"MARTIN DUPONT", "DUPONT"}} {
			if alike(p[0], p[1]) {
				t.Errorf("%q and %q share a key", p[0], p[1])
			}
		}
	})
	t.Run("one word has no other spelling", func(t *testing.T) {
		if got := Keys("delatour"); got != nil {
			t.Error(got)
		}
	})
	t.Run("a name is alike to itself cut anywhere", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,6}`), 2, 4).Draw(t, "words")
			at := rapid.IntRange(1, len(words)-1).Draw(t, "at")
			cut := strings.Join(words[:at], "") + " " + strings.Join(words[at:], "")
			whole := strings.Join(words, "")
			if !slices.Contains(Keys(cut), whole) {
				if w := strings.Fields(cut)[0]; Full(w) == w {
					t.Fatalf("%q is no key of %q: %q", whole, cut, Keys(cut))
				}
			}
		})
	})
}

func TestUnits(t *testing.T) {
	for text, want := range map[string]string{
		"jean de la tour": "jean|de la tour", "de la tour jean": "de la tour|jean", "martin": "martin", "": "", "de": "de", "jean de": "jean|de",
		"saint exupery antoine": "saint exupery|antoine", "van den berg": "van den berg", "jean de la": "jean|de|la", "le goff d almeida": "le goff|d almeida",
	} {
		t.Run("of "+text, func(t *testing.T) {
			var got []string
			for _, u := range Units(strings.Fields(text)) {
				got = append(got, strings.Join(u, " "))
			}
			if d := cmp.Diff(want, strings.Join(got, "|")); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSigned(t *testing.T) {
	for text, want := range map[string]string{
		"Zélie EXEMPLE": "zélie", "LEFÈVRE": "lefèvre", "Lefe\u0300vre": "lefèvre", "Jean-Noël": "noël", "martin": "", "d’Œuvre": "œuvre",
	} {
		t.Run(text, func(t *testing.T) {
			if got := strings.Join(Signed(text), " "); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"jean pierre": "jp", "jean": "", "": "", "marie anne sophie": "mas"} {
		if got := Initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
