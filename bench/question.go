package main

import (
	"net/url"
	"strings"
)

// criterion is one condition, as each system is told it: a parameter of our REST interface, and SQL on the person (p) or on one of
// the person's activities (a).
type criterion struct {
	param, value string
	person       string
	activity     string
}

// question is a kind of question of the search mix.
type question struct {
	name  string
	match string // exact or prefix: how words compare
	ask   func(s subject) []criterion
}

// mix is the twelve questions.
var mix = []question{
	{"exact RPPS", "exact", func(s subject) []criterion { return []criterion{rpps(s)} }},
	{"surname", "exact", func(s subject) []criterion { return []criterion{family(s.family)} }},
	{"surname + given name", "exact", func(s subject) []criterion { return []criterion{family(s.family), given(s)} }},
	{"surname prefix + profession", "prefix", func(s subject) []criterion {
		return []criterion{familyPrefix(beginning(s.family, 3)), profession(s)}
	}},
	{"surname + departement", "exact", func(s subject) []criterion { return []criterion{family(s.family), department(s)} }},
	{"profession + departement", "exact", func(s subject) []criterion { return []criterion{profession(s), department(s)} }},
	{"specialty + departement", "exact", func(s subject) []criterion { return []criterion{specialty(s), department(s)} }},
	{"specialty + city", "exact", func(s subject) []criterion { return []criterion{specialty(s), city(s)} }},
	{"structure name words + departement", "prefix", func(s subject) []criterion { return []criterion{structure(s), department(s)} }},
	{"profession + region + mode", "exact", func(s subject) []criterion { return []criterion{profession(s), region(s), mode(s)} }},
	{"postal code + profession", "exact", func(s subject) []criterion { return []criterion{postalCode(s), profession(s)} }},
	{"one-letter surname prefix", "prefix", func(s subject) []criterion { return []criterion{familyPrefix(beginning(s.family, 1))} }},
}

func rpps(s subject) criterion {
	if len(s.id) != 12 || s.id[0] != '8' {
		return criterion{}
	}
	return criterion{param: "rpps", value: s.id[1:], person: "p.id = " + literal(s.id)}
}

func family(v string) criterion {
	return criterion{param: "family", value: v, person: "p.family_f = " + literal(" "+v)}
}

func familyPrefix(v string) criterion {
	return criterion{param: "family", value: v, person: "p.family_f LIKE " + literal("% "+v+"%")}
}

func given(s subject) criterion {
	return criterion{param: "given", value: s.given, person: "p.given_f = " + literal(" "+s.given)}
}

// structure: the words begin words of the name, in order. Folded text begins with a space, and so does every word of the pattern.
func structure(s subject) criterion {
	pattern := "% " + strings.Join(strings.Fields(s.structure), "% ") + "%"
	return criterion{param: "structure", value: s.structure, activity: "a.structure_f LIKE " + literal(pattern)}
}

func city(s subject) criterion {
	return criterion{param: "city", value: s.city, activity: "a.city_f = " + literal(" "+s.city)}
}

func coded(param, column, value string) criterion {
	return criterion{param: param, value: value, activity: "a." + column + " = " + literal(value)}
}

func profession(s subject) criterion { return coded("profession", "profession", s.profession) }
func specialty(s subject) criterion  { return coded("specialty", "specialty", s.specialty) }
func mode(s subject) criterion       { return coded("mode", "mode", s.mode) }
func department(s subject) criterion { return coded("department", "department", s.department) }
func region(s subject) criterion     { return coded("region", "region", s.region) }
func postalCode(s subject) criterion { return coded("postal_code", "postal_code", s.postalCode) }

// instance is a question with its values.
type instance struct {
	kind     int    // in mix
	path     string // of the REST request
	person   []string
	activity []string
}

// instantiate puts the values of a subject in a question; ok is false when the subject has not got them all. Both systems are asked
// for names in order: the one order that both know.
func instantiate(kind int, s subject) (in instance, ok bool) {
	in.kind = kind
	q := url.Values{"sort": {"name"}}
	worded := false
	for _, c := range mix[kind].ask(s) {
		if c.value == "" {
			return in, false
		}
		q.Set(c.param, c.value)
		if c.person != "" {
			in.person = append(in.person, c.person)
		}
		if c.activity != "" {
			in.activity = append(in.activity, c.activity)
		}
		worded = worded || c.param == "family" || c.param == "given" || c.param == "structure" || c.param == "city"
	}
	if worded {
		q.Set("match", mix[kind].match)
	}
	in.path = "/v1/professionals?" + q.Encode()
	return in, true
}
