package mailaddr_test

import (
	"errors"
	"strings"
	"testing"

	"annuaire/internal/mailaddr"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		rule, in, want string
		err            error
	}{
		{"an address comes out in lower case", " Zelie.EXEMPLE@Medecin.Formation.MSSante.fr ", "zelie.exemple@medecin.formation.mssante.fr", nil},
		{"a domain with accents is shown with them", "a@chu-orléans.mssante.fr", "a@chu-orléans.mssante.fr", nil},
		{"in punycode it is the same domain", "a@xn--chu-orlans-h7a.mssante.fr", "a@chu-orléans.mssante.fr", nil},
		{"decomposed accents too", "a@chu-orle\u0301ans.mssante.fr", "a@chu-orléans.mssante.fr", nil},
		{"and upper case ones", "a@CHU-ORLÉANS.mssante.fr", "a@chu-orléans.mssante.fr", nil},
		{"full-width letters are the letters they stand for", "a@ｐatient.mssante.fr", "a@patient.mssante.fr", nil},
		{"signs that people use are taken", "o'neil_x+y-z@a.fr", "o'neil_x+y-z@a.fr", nil},
		{"64 characters before @ are taken", strings.Repeat("a", 64) + "@a.fr", strings.Repeat("a", 64) + "@a.fr", nil},
		{"65 are not", strings.Repeat("a", 65) + "@a.fr", "", mailaddr.ErrLocal},
		{"no address without @", "a.fr", "", mailaddr.ErrSyntax},
		{"nor with two", "a@b@c.fr", "", mailaddr.ErrSyntax},
		{"nor without a name", "@a.fr", "", mailaddr.ErrSyntax},
		{"nor without a domain", "a@", "", mailaddr.ErrSyntax},
		{"no accent before @", "zélie@a.fr", "", mailaddr.ErrLocal},
		{"no space before @", "a b@a.fr", "", mailaddr.ErrLocal},
		{"no dot first", ".a@a.fr", "", mailaddr.ErrLocal},
		{"no dot last", "a.@a.fr", "", mailaddr.ErrLocal},
		{"no two dots", "a..b@a.fr", "", mailaddr.ErrLocal},
		{"no quoted name", `"a b"@a.fr`, "", mailaddr.ErrLocal},
		{"no sign that is a pattern", "a*@a.fr", "", mailaddr.ErrLocal},
		{"no sign that is a path", "a/b@a.fr", "", mailaddr.ErrLocal},
		{"a domain has two labels", "a@localhost", "", mailaddr.ErrDomain},
		{"and no address of a machine", "a@[127.0.0.1]", "", mailaddr.ErrDomain},
		{"and no trailing dot", "a@a.fr.", "", mailaddr.ErrDomain},
		{"and no space", "a@a .fr", "", mailaddr.ErrDomain},
		{"and no underscore", "a@a_b.fr", "", mailaddr.ErrDomain},
		{"and no label of 64", "a@" + strings.Repeat("a", 64) + ".fr", "", mailaddr.ErrDomain},
		{"255 characters are too many", strings.Repeat("a", 64) + "@" + strings.Repeat("abcdefg.", 23) + "abcdef", "", mailaddr.ErrLong},
		{"a long text is refused unread", strings.Repeat("a", 1<<20), "", mailaddr.ErrLong},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			a, err := mailaddr.Parse(tt.in)
			if !errors.Is(err, tt.err) || err == nil && a.String() != tt.want {
				t.Errorf("%q: %q %v, want %q %v", tt.in, a, err, tt.want, tt.err)
			}
		})
	}
}

func TestDomains(t *testing.T) {
	t.Run("domains are compared in ASCII", func(t *testing.T) {
		if a, err := mailaddr.ASCII("CHU-Orléans.mssante.fr"); a != "xn--chu-orlans-h7a.mssante.fr" || err != nil {
			t.Error(a, err)
		}
		if u, err := mailaddr.Unicode("XN--chu-orlans-h7a.mssante.fr"); u != "chu-orléans.mssante.fr" || err != nil {
			t.Error(u, err)
		}
	})
	t.Run("below is by whole labels", func(t *testing.T) {
		for d, want := range map[string]bool{"mssante.fr": true, "a.mssante.fr": true, "xmssante.fr": false, "mssante.fr.a": false} {
			if mailaddr.Under(d, mailaddr.MSSante) != want {
				t.Error(d)
			}
		}
	})
	t.Run("patients' addresses are known however they are written", func(t *testing.T) {
		for s, want := range map[string]bool{"1@patient.mssante.fr": true, "1 85 05@PATIENT.mssante.fr": true, "é@ｐatient.mssante.fr": true, "a@x.patient.mssante.fr": true,
			"x＠patient.mssante.fr": true, "a@patient.formation.mssante.fr": true, "a@patient.mssante.fr.": true, "@patient.mssante.fr": true,
			"patient.mssante.fr": false, "a@patients.mssante.fr": false, "a@xpatient.mssante.fr": false, "": false, "@": false} {
			if mailaddr.Patient(s) != want {
				t.Error(s)
			}
		}
	})
}

// Whatever is taken is its own one writing, and within the limits.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"a@b.fr", "Zélie@É.fr", "a@xn--chu-orlans-h7a.mssante.fr", "a@ß.fr", "a@\u200d.fr", "a@b。fr", "a@xn--.fr"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := mailaddr.Parse(s)
		if mailaddr.Patient(s); err != nil {
			return
		}
		again, err := mailaddr.Parse(a.String())
		if err != nil || again != a {
			t.Fatalf("%q -> %q -> %q %v", s, a, again, err)
		}
		if ascii, err := mailaddr.ASCII(a.Domain); err != nil || len(a.Local)+1+len(ascii) > mailaddr.MaxAddress {
			t.Fatalf("%q: %q %v", s, ascii, err)
		}
	})
}
