package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestLiteralKeepsEveryCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		l := literal(s)
		if len(l) < 2 || l[0] != '\'' || l[len(l)-1] != '\'' {
			t.Fatalf("not quoted: %s", l)
		}
		inside := l[1 : len(l)-1]
		if strings.Contains(strings.ReplaceAll(inside, "''", ""), "'") {
			t.Fatalf("a quote ends it early: %s", l)
		}
		if strings.ReplaceAll(inside, "''", "'") != s {
			t.Fatalf("%s is not %q", l, s)
		}
	})
}

func TestForms(t *testing.T) {
	people := instance{person: []string{"p.family_f = ' x'"}}
	places := instance{activity: []string{"a.profession = '10'", "a.department = '48'"}}
	both := instance{person: people.person, activity: []string{"a.profession = '10'"}}
	semi := "p.id IN (SELECT a.person FROM activity a WHERE a.profession = '10' AND a.department = '48')"

	for name, c := range map[string]struct{ got, want string }{
		"a person's criteria":        {condition(people), "p.family_f = ' x'"},
		"an activity's, together":    {condition(places), semi},
		"both":                       {condition(both), "p.family_f = ' x' AND p.id IN (SELECT a.person FROM activity a WHERE a.profession = '10')"},
		"people are counted as such": {twice(people, identifiers)[0], "SELECT count(*) FROM person p WHERE p.family_f = ' x'"},
		"activities without people": {twice(places, identifiers)[0],
			"SELECT count(*) FROM (SELECT DISTINCT a.person FROM activity a WHERE a.profession = '10' AND a.department = '48') found"},
		"the page is ordered and bounded": {twice(places, identifiers)[1],
			"SELECT string_agg(id, ',' ORDER BY family_f, given_f, id) FROM (SELECT p.* FROM person p WHERE " + semi +
				" ORDER BY p.family_f, p.given_f, p.id LIMIT 20) page"},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, c.got); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("criteria are not added to the question itself", func(t *testing.T) {
		own := instance{person: append(make([]string, 0, 4), "p.id = '1'"), activity: []string{"true"}}
		condition(own)
		if d := cmp.Diff([]string{"p.id = '1'"}, own.person[:1]); d != "" || own.person[:2][1] != "" {
			t.Errorf("the question's own slice was written to: %q", own.person[:2])
		}
	})
}

// pgbench sends what follows a colon as a parameter, and a semicolon ends a statement: no question may hold either, nor a newline.
func TestStatementsSuitPgbench(t *testing.T) {
	for k := range mix {
		s := zelie
		s.family = "exemple"
		in, ok := instantiate(k, s)
		if !ok {
			t.Fatalf("%s cannot be asked", mix[k].name)
		}
		for _, f := range forms {
			for _, sh := range []shape{identifiers, items} {
				if st := f.statements(in, sh); slices.ContainsFunc(st, func(s string) bool { return strings.ContainsAny(s, ":;\n") }) {
					t.Errorf("%s, %s: %q", mix[k].name, f.name, st)
				}
			}
		}
	}
}
