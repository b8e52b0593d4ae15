package dn

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// lookup knows a few attribute types, as a schema does.
func lookup(name []byte) (string, bool) {
	known := map[string]string{"dc": "dc", "domaincomponent": "dc", "0.9.2342.19200300.100.1.25": "dc", "mail": "mail", "rfc822mailbox": "mail", "o": "o", "cn": "cn", "uid": "uid"}
	n, ok := known[strings.ToLower(string(name))]
	return n, ok
}

func parse(t *testing.T, s string) Name {
	t.Helper()
	n, err := Parse([]byte(s), lookup)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return n
}

func TestNamesThatAreTheSame(t *testing.T) {
	for rule, same := range map[string][]string{
		"case of types and values":         {"dc=mssante,dc=fr", "DC=MSSante,Dc=FR"},
		"spaces around separators":         {"dc=mssante,dc=fr", " dc = mssante , dc=fr", "dc=mssante; dc=fr"},
		"aliases and OIDs of types":        {"dc=fr", "domainComponent=fr", "0.9.2342.19200300.100.1.25=fr", "OID.0.9.2342.19200300.100.1.25=fr"},
		"runs of spaces inside":            {"o=A B", "o=a   b"},
		"escapes":                          {`cn=Dupont\, Jean`, `cn=Dupont\2c Jean`, `cn=dupont\2C\20jean`},
		"accents, whichever way escaped":   {`cn=zélie`, `cn=Z\c3\a9lie`, `cn=ZÉLIE`},
		"hexadecimal BER":                  {"cn=ab", "cn=#04026162", "cn=#0C026142"},
		"several values of a part, sorted": {"cn=a+uid=b,o=x", "uid=b + cn=A,o=x"},
		"an empty value":                   {"cn=,o=x", "cn= ,o=x"},
		"nothing":                          {"", "   "},
		"an equals sign in a value":        {"cn=a=b", `cn=a\=b`},
	} {
		t.Run(rule, func(t *testing.T) {
			first := parse(t, same[0])
			for _, s := range same[1:] {
				if n := parse(t, s); !n.Equal(first) || n.String() != first.String() {
					t.Errorf("%q is %q, not %q", s, n, first)
				}
			}
		})
	}
}

func TestNamesThatAreNot(t *testing.T) {
	for _, bad := range []string{"dc", "=fr", "dc=fr,", ",dc=fr", "d_c=fr", "dc=fr+", `dc=a\`, `dc=a\zz`, `dc=a\4`, "dc=#", "dc=#0", "dc=#zz", "dc=#0405", "dc=#040161ff", `dc="fr"`, "dc=<a>",
		"dc=a\x00", "1=a", "1..2=a", "1.02=a", "-a=b", "dc;lang-fr=a", "\xff=a", "dc=\xff", `dc=\ff`, "dc=#040161 x", "dc=a b=c,=d"} {
		t.Run(bad, func(t *testing.T) {
			if n, err := Parse([]byte(bad), lookup); !errors.Is(err, ErrSyntax) {
				t.Errorf("%q, %v", n, err)
			}
		})
	}
	for rule, long := range map[string]string{"too many octets": "cn=" + strings.Repeat("a", MaxBytes), "too many parts": strings.Repeat("cn=a,", maxParts) + "cn=a",
		"too many values of a part": strings.Repeat("cn=a+", maxParts) + "cn=a"} {
		t.Run(rule, func(t *testing.T) {
			if _, err := Parse([]byte(long), lookup); !errors.Is(err, ErrTooLong) {
				t.Error(err)
			}
		})
	}
}

func TestUnder(t *testing.T) {
	base := parse(t, "dc=mssante,dc=fr")
	for s, want := range map[string]int{"dc=mssante,dc=fr": 0, "mail=a@x,DC=mssante,dc=fr": 1, "cn=a,cn=b,dc=mssante,dc=fr": 2, "dc=fr": -1, "dc=xmssante,dc=fr": -1,
		`cn=x\,dc=mssante,dc=fr`: -1, "": -1, "dc=mssante+o=x,dc=fr": -1} {
		t.Run(s, func(t *testing.T) {
			rest, ok := parse(t, s).Under(base)
			if ok != (want >= 0) || ok && len(rest) != want {
				t.Error(rest, ok)
			}
		})
	}
	t.Run("everything is under the root", func(t *testing.T) {
		if rest, ok := base.Under(nil); !ok || len(rest) != 2 {
			t.Error(rest, ok)
		}
	})
	t.Run("an RDN is of a type only when it is that one value", func(t *testing.T) {
		if !parse(t, "mail=a")[0].Is("mail") || parse(t, "mail=a+cn=b")[0].Is("mail") || parse(t, "cn=a")[0].Is("mail") {
			t.Error("wrong")
		}
	})
}

func TestEscapedValuesAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringN(0, 60, -1).Draw(t, "value")
		s := append(Escape([]byte("cn="), []byte(value)), ",dc=fr"...)
		n, err := Parse(s, lookup)
		if err != nil || len(n) != 2 || !bytes.Equal(n[0][0].Raw, []byte(value)) {
			t.Fatalf("%q: %q, %v", s, n, err)
		}
		again, err := Parse([]byte(n.String()), lookup)
		if err != nil || !again.Equal(n) {
			t.Fatalf("the normal form %q is another name: %q, %v", n.String(), again, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"mail=a@b,dc=mssante,dc=fr", `cn=a\,b+uid=#04026162,O=x`, " ; ", `cn=\c3\a9`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		n, err := Parse(s, lookup)
		if err != nil {
			return
		}
		again, err := Parse([]byte(n.String()), lookup)
		if err == nil && !again.Equal(n) {
			t.Fatalf("%q: %q is not %q", s, again, n)
		}
		if _, ok := n.Under(nil); !ok || !n.Equal(n) {
			t.Fatal("not under the root, or not itself")
		}
	})
}
