package extract

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNormalisePhone(t *testing.T) {
	for _, tt := range []struct{ rule, raw, want string }{
		{"ten digits", "0381385454", "+33381385454"},
		{"international", "+33684120833", "+33684120833"},
		{"a space after the country code", "+33 222222222", "+33222222222"},
		{"spaces", "03 81 38 54 54", "+33381385454"},
		{"dots", "03.81.38.54.54", "+33381385454"},
		{"hyphens and slashes", "03-81/38-54-54", "+33381385454"},
		{"no-break spaces", "03\u00a081\u00a038\u00a054\u00a054", "+33381385454"},
		{"a bracketed zero is not dialled", "+33 (0)3 81 38 54 54", "+33381385454"},
		{"a zero after the country code is dropped", "+330381385454", "+33381385454"},
		{"00 is +", "0033381385454", "+33381385454"},
		{"a country code without +", "33381385454", "+33381385454"},
		{"Guadeloupe", "0590123456", "+590590123456"},
		{"Guadeloupe, mobile", "0690123456", "+590690123456"},
		{"Guyane", "0594123456", "+594594123456"},
		{"Martinique", "0596123456", "+596596123456"},
		{"La Réunion", "0262123456", "+262262123456"},
		{"Guyane, mobile", "0694123456", "+594694123456"},
		{"Martinique, mobile", "0696123456", "+596696123456"},
		{"La Réunion, mobile", "0692123456", "+262692123456"},
		{"Mayotte, mobile", "0639123456", "+262639123456"},
		{"Mayotte", "0269123456", "+262269123456"},
		{"overseas, written with +33", "+33590123456", "+590590123456"},
		{"overseas, already with its code", "+590590123456", "+590590123456"},
		{"foreign", "+41 22 123 45 67", "+41221234567"},
		{"junk", "0000", ""},
		{"ten zeros", "0000000000", ""},
		{"nothing", "", ""},
		{"a lone plus", "+", ""},
		{"a short number", "3624", ""},
		{"nine digits", "381385454", ""},
		{"two numbers", "0381385454 / 0381385455", ""},
		{"an extension", "0381385454 poste 12", ""},
		{"a plus inside", "03+81385454", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, ok := NormalisePhone(tt.raw)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("NormalisePhone(%q) = %q, %v, want %q", tt.raw, got, ok, tt.want)
			}
		})
	}
}

func FuzzNormalisePhone(f *testing.F) {
	f.Add("0381385454")
	f.Add("+33 (0)590.12.34.56")
	f.Add("00+1")
	e164 := regexp.MustCompile(`^\+[1-9][0-9]{7,14}$`)
	f.Fuzz(func(t *testing.T, raw string) {
		got, ok := NormalisePhone(raw)
		if ok != (got != "") || ok && !e164.MatchString(got) {
			t.Fatalf("NormalisePhone(%q) = %q, %v", raw, got, ok)
		}
		if again, _ := NormalisePhone(got); ok && again != got {
			t.Fatalf("%q becomes %q, then %q", raw, got, again)
		}
	})
}

func TestSplitEmails(t *testing.T) {
	for _, tt := range []struct {
		rule, raw         string
		ordinary, mssante []string
	}{
		{"one address", "Contact@Exemple.fr", []string{"contact@exemple.fr"}, nil},
		{"semicolon, comma and space separate", "a@x.fr;b@x.fr, c@x.fr d@x.fr", []string{"a@x.fr", "b@x.fr", "c@x.fr", "d@x.fr"}, nil},
		{"MSSanté addresses are set apart", "a@x.fr;b@medecin.mssante.fr;c@MSSANTE.FR;d@chu.formation.mssante.fr", []string{"a@x.fr"},
			[]string{"b@medecin.mssante.fr", "c@mssante.fr", "d@chu.formation.mssante.fr"}},
		{"a domain that ends alike is not MSSanté", "a@fauxmssante.fr", []string{"a@fauxmssante.fr"}, nil},
		{"the same address once", "a@x.fr;A@X.FR", []string{"a@x.fr"}, nil},
		{"what is no address is dropped", "néant;a@;@b;a@b@c;<d@x.fr>", []string{"d@x.fr"}, nil},
		{"nothing", "", nil, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			o, m := SplitEmails(tt.raw)
			if d := cmp.Diff([][]string{tt.ordinary, tt.mssante}, [][]string{o, m}); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCleanValues(t *testing.T) {
	for _, tt := range []struct {
		rule, got, want string
	}{
		{"a leading F is not part of a FINESS number", cleanFINESS("F250999991"), "250999991"},
		{"Corsican FINESS numbers keep their letter, in upper case", cleanFINESS("2a0000154"), "2A0000154"},
		{"leading zeros of a FINESS number stay", cleanFINESS("010000123"), "010000123"},
		{"spaces inside a SIRET go", digits("999 000 000 00019"), "99900000000019"},
		{"leading zeros of a SIREN stay", digits("005520135"), "005520135"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
	for s, want := range map[string]string{"O": "yes", "oui": "yes", "True": "yes", "1": "yes", "N": "no", "Non": "no", "FALSE": "no", "0": "no",
		"": "unknown", "peut-être": "unknown"} {
		t.Run("dématérialisation "+s+" is "+want, func(t *testing.T) {
			got := "unknown"
			if b := parseBool(s); b != nil && *b {
				got = "yes"
			} else if b != nil {
				got = "no"
			}
			if got != want {
				t.Errorf("got %s", got)
			}
		})
	}
}
