package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func someone() subject {
	return subject{family: "dupont", given: "jean", mail: "jean.dupont@medecin.formation.mssante.fr", idType: "8", id: "99900000012",
		profession: "10", specialty: "SM04", department: "69"}
}

func TestQuestionsAreWhatTheClientsWereSeenToSend(t *testing.T) {
	const word = "(|(cn=*W*)(givenName=*W*)(sn=*W*)(mozillaNickname=*W*)(mail=*W*)(mozillaSecondEmail=*W*)(&(description=*W*))(o=*W*)(ou=*W*)(title=*W*)(mozillaWorkUrl=*W*)(mozillaHomeUrl=*W*))"
	of := func(w string) string { return strings.ReplaceAll(word, "*W*", "*"+w+"*") }
	want := map[string]string{
		"Thunderbird autocomplete, 1 letter":             "(|(cn=*d*)(mail=*d*)(givenName=*d*)(sn=*d*))",
		"Thunderbird autocomplete, 2 letters":            "(|(cn=*du*)(mail=*du*)(givenName=*du*)(sn=*du*))",
		"Thunderbird autocomplete, 3 letters":            "(|(cn=*dup*)(mail=*dup*)(givenName=*dup*)(sn=*dup*))",
		"Thunderbird autocomplete, 6 letters":            "(|(cn=*dupont*)(mail=*dupont*)(givenName=*dupont*)(sn=*dupont*))",
		"Thunderbird autocomplete, two words":            "(|(cn=*jean*dupont*)(mail=*jean dupont*)(givenName=*jean*)(sn=*jean dupont*))",
		"Thunderbird quick search, one word":             of("dupont"),
		"Thunderbird quick search, two words":            "(&" + of("jean") + of("dupont") + ")",
		"Outlook, 1 letter":                              "(&(|(mail=d*)(cn=d*)(sn=d*)(givenName=d*)(displayName=d*)))",
		"Outlook, surname":                               "(&(|(mail=dupont*)(cn=dupont*)(sn=dupont*)(givenName=dupont*)(displayName=dupont*)))",
		"Roundcube, 4 letters":                           "(&(objectClass=inetOrgPerson)(|(cn=*dupo*)(givenName=*dupo*)(sn=*dupo*)(mail=*dupo*)))",
		"SOGo, 4 letters, sorted":                        "(|(sn=*dupo*)(displayname=*dupo*)(cn=*dupo*)(mail=*dupo*)(telephonenumber=*dupo*))",
		"Mediboard, sn + givenName":                      "(&(sn=dupont)(givenName=jean))",
		"Mediboard, profession + specialty + department": "(&(codeProfession=10)(codeSpecialite=SM04)(departement=69))",
		"Mediboard, IdentifiantPP":                       "(&(TypeIdentifiantPP=8)(IdentifiantPP=99900000012))",
		"Postfix, address that exists":                   "(mail=jean.dupont@medecin.formation.mssante.fr)",
		"Postfix, address that does not":                 "(mail=absent.jean.dupont@medecin.formation.mssante.fr)",
	}
	got := map[string]string{}
	for _, q := range questions {
		if q.values == nil {
			continue
		}
		s, ok := q.values(someone())
		if !ok {
			t.Errorf("%s: not asked", q.name)
		}
		got[q.name] = s.filter
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestLimitsOfTheClients(t *testing.T) {
	for name, c := range map[string]struct {
		s                 search
		size, time, deref int
	}{
		"Thunderbird asks for 100 entries and sets no time": {autocomplete("d"), 100, 0, 0},
		"its quick search too":                              {quick("d"), 100, 0, 0},
		"Outlook asks for 999 in 15 s and follows aliases":  {outlook("d"), 999, 15, 3},
		"Roundcube sets no limit":                           {roundcube("d"), 0, 0, 0},
		"SOGo asks for 1 000 in 10 s":                       {sogo("d"), 1000, 10, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if c.s.size != c.size || c.s.time != c.time || c.s.deref != c.deref {
				t.Errorf("%+v", c.s)
			}
		})
	}
}

func TestWhoHasNotTheValuesIsNotAskedAbout(t *testing.T) {
	short := someone()
	short.family, short.specialty, short.mail = "duc", "", "a*@b"
	for _, q := range questions {
		if q.values == nil {
			continue
		}
		want := !slices.Contains([]string{"Thunderbird autocomplete, 6 letters", "Roundcube, 4 letters", "SOGo, 4 letters, sorted", "Mediboard, profession + specialty + department",
			"Postfix, address that exists", "Postfix, address that does not"}, q.name)
		if _, ok := q.values(short); ok != want {
			t.Errorf("%s: asked is %v", q.name, ok)
		}
	}
}

func TestSubjects(t *testing.T) {
	e := func(change func(map[string]string)) entry {
		v := map[string]string{"sn": "DUPONT", "givenName": "Jean", "mail": "j@x", "TypeIdentifiantPP": "8", "IdentifiantPP": "99900000012", "codeProfession": "10"}
		change(v)
		var out entry
		for name, value := range v {
			out.attrs = append(out.attrs, attribute{name, []string{value}})
		}
		return out
	}
	for name, c := range map[string]struct {
		change func(map[string]string)
		ok     bool
	}{
		"a person's mailbox":                      {func(map[string]string) {}, true},
		"a service's is nobody's":                 {func(v map[string]string) { delete(v, "IdentifiantPP"); delete(v, "givenName") }, false},
		"an accent is compared in different ways": {func(v map[string]string) { v["givenName"] = "Zélie" }, false},
		"and so is a hyphen":                      {func(v map[string]string) { v["sn"] = "DUPONT-MARTIN" }, false},
		"a name of two letters begins too little": {func(v map[string]string) { v["sn"] = "LY" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s, ok := subjectOf(e(c.change))
			if ok != c.ok || ok && (s.family != "dupont" || s.profession != "10") {
				t.Errorf("%+v, %v", s, ok)
			}
		})
	}
	if got := codeOf([]string{"Rhône", "69"}); got != "69" {
		t.Errorf("department %q", got)
	}
	if got := codeOf([]string{"Corse-du-Sud", "2A"}); got != "2A" {
		t.Errorf("department %q", got)
	}
}

func TestTheSampleIsUniformAndAlwaysTheSame(t *testing.T) {
	sample := func() []subject {
		d := newDrawing()
		for i := range 3 * sampleSize {
			d.offer(subject{family: string(rune('a' + i/sampleSize))})
		}
		return d.drawn()
	}
	first := sample()
	third := map[string]int{}
	for _, s := range first {
		third[s.family]++
	}
	for f, n := range third {
		if n < sampleSize*3/10 || n > sampleSize*37/100 {
			t.Errorf("%d of %d from the third %s", n, sampleSize, f)
		}
	}
	if len(first) != sampleSize || !slices.Equal(first, sample()) {
		t.Error("another sample")
	}
}

func TestLettersThatNobodyHas(t *testing.T) {
	var l letters
	l.add(entry{attrs: []attribute{{"sn", []string{"ŒUVRÉ D'Abc"}}, {"mail", []string{"xyz@abc.fr"}}, {"title", []string{"QQQ"}}}})
	var got []string
	for i, seen := range l.seen {
		if seen {
			got = append(got, string([]byte{'a' + byte(i/676), 'a' + byte(i/26%26), 'a' + byte(i%26)}))
		}
	}
	slices.Sort(got)
	if d := cmp.Diff([]string{"abc", "euv", "oeu", "uvr", "vre", "xyz"}, got); d != "" {
		t.Error(d)
	}
	absent := l.absent(30)
	if len(absent) != 30 || slices.Contains(absent, "abc") || absent[0] != "aaa" || absent[29] < "y" {
		t.Errorf("%q", absent)
	}
	for i := range l.seen {
		l.seen[i] = i != 5
	}
	if got := l.absent(30); !slices.Equal(got, []string{"aaf"}) {
		t.Errorf("%q", got)
	}
}

func TestInstantiate(t *testing.T) {
	people := make([]subject, 0, 100)
	for i := range 100 {
		p := someone()
		p.family = string([]byte{'a' + byte(i%26), 'a' + byte(i%7), 'a', 'b', 'c', 'd'})
		people = append(people, p)
	}
	x := exported{people: people, known: &letters{}}
	list, err := instantiate(questions, "dc=x", x)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range list {
		seen := map[string]bool{}
		for _, s := range a.searches {
			if seen[s.filter] || s.base != "dc=x" || s.scope != 2 {
				t.Errorf("%s: %+v", a.name, s)
			}
			seen[s.filter] = true
		}
		if a.name != questions[i].name || len(a.requests) != len(a.searches) || len(a.searches) > valuesPerQuestion || (len(a.searches) == 0) != a.pages {
			t.Errorf("%s: %d values", a.name, len(a.searches))
		}
	}
	if _, err := instantiate(questions, "dc=x", exported{known: &letters{}}); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("an empty address book: %v", err)
	}
}
