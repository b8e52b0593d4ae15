package filter

import (
	"errors"
	"strings"
	"testing"

	"annuaire"
	"annuaire/ldapd/ber"
)

// element is a BER element, for what no client library writes.
func element(tag byte, content ...string) string {
	var e ber.Encoder
	e.String(tag, strings.Join(content, ""))
	return string(e.Buf)
}

func octets(s string) string { return element(ber.OctetString, s) }

func TestParseErrors(t *testing.T) {
	nested := func(depth int) string {
		s := element(tagPresent, "cn")
		for range depth - 1 {
			s = element(tagNot, s)
		}
		return s
	}
	many := func(n int) string { return element(tagAnd, strings.Repeat(element(tagPresent, "cn"), n-1)) }
	part := func(n byte, s string) string { return element(ber.Context(n), s) }
	substrings := func(parts ...string) string {
		return element(tagSubstrings, octets("cn"), element(ber.Sequence, parts...))
	}
	for _, tt := range []struct {
		rule, in string
		err      error
	}{
		{"64 levels are read", nested(64), nil},
		{"65 are too many", nested(65), ErrTooComplex},
		{"256 items are read", many(256), nil},
		{"257 are too many", many(257), ErrTooComplex},
		{"256 substrings are read", substrings(strings.Repeat(part(1, "a"), 256)), nil},
		{"257 are too many", substrings(strings.Repeat(part(1, "a"), 257)), ErrTooComplex},
		{"thirty-two thousand letters are read", element(tagAnd, strings.Repeat(element(tagEqual, octets("cn"), octets(strings.Repeat("a", 2048))), 16)), nil},
		{"more are too many", element(tagAnd, strings.Repeat(element(tagEqual, octets("cn"), octets(strings.Repeat("a", 2048))), 17)), ErrTooComplex},
		{"letters that are long to prepare count more", element(tagAnd, strings.Repeat(element(tagEqual, octets("cn"), octets(strings.Repeat("ﷺ", 600))), 2)), ErrTooComplex},
		{"nothing", "", ErrMalformed},
		{"a cut filter", element(tagPresent, "cn")[:3], ErrMalformed},
		{"an item cut inside", element(tagEqual, octets("cn")), ErrMalformed},
		{"not of two", element(tagNot, element(tagPresent, "a"), element(tagPresent, "b")), ErrMalformed},
		{"not of nothing", element(tagNot), ErrMalformed},
		{"no substrings at all, as Thunderbird sends for stars", substrings(), ErrMalformed},
		{"an initial substring after another", substrings(part(1, "a"), part(0, "b")), ErrMalformed},
		{"two initial substrings", substrings(part(0, "a"), part(0, "b")), ErrMalformed},
		{"something after the final substring", substrings(part(2, "a"), part(1, "b")), ErrMalformed},
		{"a substring of another kind", substrings(part(3, "a")), ErrMalformed},
		{"initial, any and final", substrings(part(0, "a"), part(1, "b"), part(2, "c")), nil},
		{"an extensible item without rule and type", element(tagExtensible, part(3, "x")), ErrMalformed},
		{"an extensible item without value", element(tagExtensible, part(2, "cn")), ErrMalformed},
		{"an extensible item with an odd boolean", element(tagExtensible, part(2, "cn"), part(3, "x"), part(4, "")), ErrMalformed},
		{"what a later version adds to a sequence is ignored", element(tagEqual, octets("cn"), octets("x"), part(9, "y")), nil},
		{"a choice of a later version is read", element(ber.ContextC(20), octets("cn")), nil},
		{"what is no choice at all", element(ber.Sequence, octets("cn")), ErrMalformed},
		{"lengths that are not minimal, as Windows sends them", "\xa3\x84\x00\x00\x00\x0d\x04\x84\x00\x00\x00\x02cn\x04\x01x", ErrMalformed},
		{"and right ones", "\xa3\x84\x00\x00\x00\x0b\x04\x84\x00\x00\x00\x02cn\x04\x01x", nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			c := ber.Read([]byte(tt.in))
			f, err := Parse(&c)
			if !errors.Is(err, tt.err) || (err == nil) != (f != nil) {
				t.Fatalf("%v, want %v", err, tt.err)
			}
			var ours *annuaire.Error
			if err != nil && (!errors.As(err, &ours) || ours.Message == "" || ours.English == "") {
				t.Error("not in two languages")
			}
			if err == nil && !c.Done() {
				t.Error("the cursor does not stand behind it")
			}
		})
	}
	t.Run("a choice of a later version is Undefined", func(t *testing.T) {
		c := ber.Read([]byte(element(ber.ContextC(20), "x")))
		f, err := Parse(&c)
		if err != nil || f.Match(jean(), Options{}) != Undefined {
			t.Error(err)
		}
	})
}

// FuzzFilter reads any bytes as a filter, and evaluates what is one.
func FuzzFilter(f *testing.F) {
	for _, s := range []string{"(&)", "(|(cn=*jean*dupont*)(mail=*jean dupont*))", "(!(x=y))", "(cn:dn:caseIgnoreMatch:=x)", "(createTimestamp>=2026)", "(postalAddress=a$b)",
		"(sn~=été)", "(objectClass=*)", "(entryDN=cn=a,dc=b)", "(telephoneNumber=*4 66*)", "(:caseExactSubstringsMatch:=*x*)", "(name=*\u0301*)"} {
		f.Add(compiled(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c := ber.Read(b)
		parsed, err := Parse(&c)
		if err != nil {
			if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrTooComplex) {
				t.Fatal(err)
			}
			return
		}
		for _, e := range []*subject{jean(), service(), {computed: map[string][]string{"objectClass": {"top"}}}} {
			strict, soft := parsed.Match(e, Options{Strict: true}), parsed.Match(e, Options{})
			if again := parsed.Match(e, Options{Strict: true}); again != strict {
				t.Fatal("not the same twice")
			}
			for _, o := range []Options{{Strict: true}, {}} {
				truth := map[bool]Truth{true: strict, false: soft}[o.Strict]
				if truth == True && !e.card.Empty() && !holds(parsed.Expr(e.card.Book(), o), e) {
					t.Fatalf("%+v matches, %+v does not", b, parsed.Expr(e.card.Book(), o))
				}
			}
		}
	})
}
