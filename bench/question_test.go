package main

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire/internal/geo"
)

// zelie is a row in full.
var zelie = subject{
	id: "899012345679", family: "d exemple", given: "zelie", profession: "10", specialty: "SM42", mode: "L", structure: "centre hospitalier",
	postalCode: "48000", city: "mende", department: "48", region: "76",
}

func TestMixInstantiated(t *testing.T) {
	want := []struct{ path, person, activity string }{
		{"match=&rpps=99012345679", "p.id = '899012345679'", ""},
		{"family=d exemple&match=exact", "p.family_f = ' d exemple'", ""},
		{"family=d exemple&given=zelie&match=exact", "p.family_f = ' d exemple' AND p.given_f = ' zelie'", ""},
		{"", "", ""}, // "d e" is no three letters
		{"department=48&family=d exemple&match=exact", "p.family_f = ' d exemple'", "a.department = '48'"},
		{"department=48&match=&profession=10", "", "a.profession = '10' AND a.department = '48'"},
		{"department=48&match=&specialty=SM42", "", "a.specialty = 'SM42' AND a.department = '48'"},
		{"city=mende&match=exact&specialty=SM42", "", "a.specialty = 'SM42' AND a.city_f = ' mende'"},
		{"department=48&match=prefix&structure=centre hospitalier", "", "a.structure_f LIKE '% centre% hospitalier%' AND a.department = '48'"},
		{"match=&mode=L&profession=10&region=76", "", "a.profession = '10' AND a.region = '76' AND a.mode = 'L'"},
		{"match=&postal_code=48000&profession=10", "", "a.postal_code = '48000' AND a.profession = '10'"},
		{"family=d&match=prefix", "p.family_f LIKE '% d%'", ""},
	}
	if len(want) != len(mix) {
		t.Fatalf("%d questions, want %d", len(mix), len(want))
	}
	for k, w := range want {
		t.Run(mix[k].name, func(t *testing.T) {
			in, ok := instantiate(k, zelie)
			if ok != (w.path != "") {
				t.Fatalf("ok = %v", ok)
			}
			if !ok {
				return
			}
			u, err := url.Parse(in.path)
			if err != nil || u.Path != "/v1/professionals" {
				t.Fatalf("%s, %v", in.path, err)
			}
			q, _ := url.ParseQuery(strings.ReplaceAll(w.path, " ", "+"))
			q.Set("sort", "name")
			if q.Get("match") == "" {
				q.Del("match") // codes are not compared by words
			}
			if d := cmp.Diff(q, u.Query()); d != "" {
				t.Error(d)
			}
			if got := strings.Join(in.person, " AND "); got != w.person {
				t.Errorf("person: %s, want %s", got, w.person)
			}
			if got := strings.Join(in.activity, " AND "); got != w.activity {
				t.Errorf("activity: %s, want %s", got, w.activity)
			}
		})
	}
}

func TestASubjectWithoutTheValuesIsNotAsked(t *testing.T) {
	for k := range mix {
		if _, ok := instantiate(k, subject{}); ok {
			t.Errorf("%s: asked of nobody", mix[k].name)
		}
	}
	adeli := zelie
	adeli.id = "0489012345"
	if _, ok := instantiate(0, adeli); ok {
		t.Error("an ADELI number was asked for as an RPPS number")
	}
}

func TestSubjectOf(t *testing.T) {
	// in the order of subjectColumns
	for name, c := range map[string]struct {
		cells []string
		want  subject
	}{
		"names are folded, the place is looked up": {
			[]string{"899012345679", "D'EXEMPLÉ", "Zélie-Ève", "10", "SM42", "L", "C.H. DE LA VALLÉE, HÔPITAL", "48095", "Mende", "48000", "48000 MENDE", ""},
			subject{id: "899012345679", family: "d exemple", given: "zelie eve", profession: "10", specialty: "SM42", mode: "L", structure: "vallee hopital",
				postalCode: "48000", city: "mende", department: "48", region: "76"},
		},
		"an arrondissement is its city": {
			[]string{"0", "X", "", "", "", "", "CABINET", "69383", "Lyon 3e Arrondissement", "69003", "69003 LYON", ""},
			subject{id: "0", family: "x", postalCode: "69003", city: "lyon", department: "69", region: "84"},
		},
		"nothing known of the place leaves it empty": {[]string{"0", "X", "", "", "", "", "", "", "", "", "", ""}, subject{id: "0", family: "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, subjectOf(c.cells), cmp.AllowUnexported(subject{})); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPlainCityWithoutCommuneIsTheLabel(t *testing.T) {
	if got := plainCity(geo.Place{City: "Genève"}); got != "geneve" {
		t.Errorf("got %q", got)
	}
}

func TestBeginning(t *testing.T) {
	for name, c := range map[string]struct {
		folded string
		n      int
		want   string
	}{
		"three letters":             {"martin", 3, "mar"},
		"one letter":                {"o hara", 1, "o"},
		"a shorter name has none":   {"li", 3, ""},
		"a space is no letter":      {"o hara", 3, ""},
		"other scripts are no a-z":  {"дом", 1, ""},
		"an empty name has none":    {"", 1, ""},
		"a digit is no letter":      {"4x", 1, ""},
		"exactly as long is enough": {"roi", 3, "roi"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := beginning(c.folded, c.n); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
