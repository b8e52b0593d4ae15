package peers

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// negatedTwice: of a negation the index knows nothing, so that every entry is tried. What a filter finds by the index must be what it
// finds so, in each book of the program itself, whatever the filter.
func (s *served) negatedTwice(t *testing.T) {
	c := dial(t, s.address)
	for _, book := range []string{base, "ou=professionnels,o=rpps,c=fr", "ou=structures,o=rpps,c=fr"} {
		t.Run(book, func(t *testing.T) {
			values := s.values(t, c, book)
			seed := rand.Uint64()
			r := rand.New(rand.NewPCG(seed, 1))
			some := 0
			for range 60 {
				f := randomFilter(r, values, 2)
				got, want := s.ids(t, c, book, f), s.ids(t, c, book, "(!(!"+f+"))")
				if !slices.Equal(got, want) {
					t.Fatalf("seed %d: %s: by the index %d, one by one %d: %q", seed, f, len(got), len(want), difference(want, got))
				}
				if len(want) > 0 {
					some++
				}
			}
			if some < 15 {
				t.Errorf("only %d filters found somebody", some)
			}
		})
	}
}

// values reads what entries of a book hold, by attribute.
func (s *served) values(t *testing.T, c *ldap.Conn, book string) map[string][]string {
	t.Helper()
	r, err := c.SearchWithPaging(ldap.NewSearchRequest(book, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", nil, nil), 500)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, e := range r.Entries {
		for _, a := range e.Attributes {
			if a.Name != "objectClass" {
				out[a.Name] = append(out[a.Name], a.Values...)
			}
		}
	}
	return out
}

// randomFilter asks for what somebody has, whole or in part, in and and or.
func randomFilter(r *rand.Rand, values map[string][]string, depth int) string {
	if depth > 0 && r.IntN(3) == 0 {
		return "(" + []string{"&", "|"}[r.IntN(2)] + randomFilter(r, values, depth-1) + randomFilter(r, values, depth-1) + ")"
	}
	var names []string
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	attr := names[r.IntN(len(names))]
	v := []rune(values[attr][r.IntN(len(values[attr]))])
	i := r.IntN(len(v))
	j := i + 1 + r.IntN(min(len(v)-i, 8))
	esc := func(v []rune) string { return ldap.EscapeFilter(string(v)) }
	switch r.IntN(6) {
	case 0:
		return "(" + attr + "=" + esc(v) + ")"
	case 1:
		return "(" + attr + "=" + strings.ToUpper(esc(v[:j])) + "*)"
	case 2:
		return "(" + attr + "=*" + esc(v[i:j]) + "*)"
	case 3:
		return "(" + attr + "=*" + esc(v[i:]) + ")"
	case 4:
		return "(" + attr + "=*" + esc(v[i:j]) + "*" + esc(v[j:]) + ")"
	}
	return fmt.Sprintf("(%s=*)", attr)
}

// ids returns the names of the entries that match, all of them.
func (s *served) ids(t *testing.T, c *ldap.Conn, book, f string) []string {
	t.Helper()
	if strings.Contains(f, "=**") || strings.HasSuffix(f, "=)") {
		return nil
	}
	r, err := c.SearchWithPaging(ldap.NewSearchRequest(book, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, f, []string{"1.1"}, nil), 500)
	if err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	out := make([]string, len(r.Entries))
	for i, e := range r.Entries {
		out[i] = e.DN
	}
	slices.Sort(out)
	return out
}

// difference is what one of them lacks, a few of it.
func difference(a, b []string) (out []string) {
	for _, v := range a {
		if !slices.Contains(b, v) && len(out) < 5 {
			out = append(out, v)
		}
	}
	return out
}
