package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// designItem is the item of DESIGN 8, but for its source, which is that of this server.
const designItem = `{"id": "899012345679", "rpps": "99012345679", "civility": "MME", "title": "DR", "family": "EXEMPLE", "given": "Zélie", "active": true,
 "practices": [{"profession": {"code": "10", "label": "Médecin"}, "category": {"code": "C", "label": "Civil"},
                "specialties": [{"code": "SM42", "label": "Psychiatrie", "type": "S"}], "diplomas": []}],
 "activities": [{"profession": "10", "category": "C", "mode": {"code": "L", "label": "Libéral"}, "sector": {"code": "SA07", "label": "Cabinet individuel"},
                 "role": null, "authority": "CNOM/CNOM/ARS",
                 "structure": {"id": "R10000000000001", "name": "CABINET EXEMPLE", "finess": null, "siret": null},
                 "address": {"lines": ["12 RUE DES LILAS"], "postal_code": "48000", "city": "Mende", "insee": "48095",
                             "department": {"code": "48", "label": "Lozère"}, "region": {"code": "76", "label": "Occitanie"}},
                 "phones": ["+33466000000"]}],
 "mailboxes": [{"address": "zelie.exemple@medecin.formation.mssante.fr", "kind": "PER", "rank": 1}],
 "source": {"extract": "2026-11-01T03:12:00Z", "run": "000001"}, "matched_on": ["family=exact", "city=exact"]}`

// answers holds what a search answers against "Answer", "An item" and the parameters of a page.
func (c *contract) answers(t *testing.T) {
	search := "GET /v1/professionals?"
	t.Run("an item", func(t *testing.T) {
		got := c.ask(t, "anyone", search+"family=exemple&city=mende", "")
		item, _ := valueAt(got.body, "items.0")
		var want, is any
		if err := json.Unmarshal([]byte(designItem), &want); err != nil || json.Unmarshal([]byte(item), &is) != nil {
			t.Fatal(err, got.body)
		}
		for _, d := range lacks("item", want, is) {
			t.Error(d)
		}
	})
	for _, tt := range []struct {
		line, query string
		wants       []string
	}{
		{"total, total_is, as_of, ignored, next", "q=zélie traitante", []string{"total = 1", "total_is = exact", "as_of = 2026-11-02T03:12:00Z", "items.# = 1", "ignored ~ traitant", "next = null"}},
		{"took_ms", "", []string{"took_ms ~ ."}},
		{"items and facets: without facets there are none", "", []string{"items.# = 5", "facets !"}},
		{"total counts distinct people", "profession=10&mode=L&mode=S", []string{"total = 3"}},
		{"sort=name", "sort=name", []string{"items.*.given = Paul Ambroise Zélie Anaïs Noé"}},
		{"sort=relevance", "sort=relevance&name=tour", []string{"items.*.given = Noé Ambroise"}},
		{"limit", "limit=2", []string{"total = 5", "items.# = 2", "next ~ /v1/professionals?"}},
		{"limit (at most 200)", "limit=200", []string{"items.# = 5"}},
		{"facets=profession", "facets=profession", []string{"facets.profession.0 = " + facet("10", "Médecin", 3), "facets.profession.# = 4"}},
		{"facets=specialty", "facets=specialty", []string{"facets.specialty ~ " + facet("SM42", "Psychiatrie", 1), "facets.specialty.# = 2"}},
		{"facets=department", "facets=department", []string{"facets.department.0 = " + facet("48", "Lozère", 3), "facets.department ~ " + facet("69", "Rhône", 1), "facets.department.# = 3"}},
		{"facets=region", "facets=region", []string{"facets.region.0 = " + facet("76", "Occitanie", 3)}},
		{"facets=mode", "facets=mode", []string{"facets.mode.0 = " + facet("L", "Libéral", 3), "facets.mode.1 = " + facet("S", "Salarié", 2)}},
		{"facets=sector", "facets=sector", []string{"facets.sector.0 = " + facet("SA07", "Cabinet individuel", 3)}},
		{"facets=city", "facets=city", []string{"facets.city.0.label = Mende", "facets.city.0.count = 3"}},
		{"facets: a value counts the people found if it were added as a criterion", "city=mende&facets=profession,mode", []string{"facets.mode.0 = " + facet("L", "Libéral", 2), "facets.mode.1 = " + facet("S", "Salarié", 1), "facets.profession.0 = " + facet("10", "Médecin", 3)}},
		{"fields", "fields=id,family&family=exemple", []string{`items = [{"family":"EXEMPLE","id":"` + zelie + `"}]`}},
		{"explain=true", "explain=true&family=exemple", []string{"explain.where ~ family", "items.0.explanation.0.how = exact"}},
	} {
		t.Run(tt.line, func(t *testing.T) { c.ask(t, "anyone", search+spaced(tt.query), "").says(t, 200, tt.wants...) })
	}
	t.Run("what is no parameter is refused, and the nearest named", func(t *testing.T) {
		c.ask(t, "anyone", search+"famly=x", "").says(t, 400, "type = /problems/invalid", "parameter = famly", "nearest = family")
	})
	for line, query := range map[string]string{"limit (20, at most 200)": "limit=201", "limit: a number": "limit=x", "sort: one of two": "sort=age", "facets: one of seven": "facets=role", "match: one of three": "match=fuzzy",
		"fields: keys that there are": "fields=age", "cursor: one that we gave": "cursor=x", "explain: true or false": "explain=yes", "setting: ville, hopital": "setting=mer"} {
		t.Run(line, func(t *testing.T) { c.ask(t, "anyone", search+query, "").says(t, 400, "type = /problems/invalid") })
	}
	t.Run("cursor; pages follow by key: whoever is present throughout appears exactly once", func(t *testing.T) {
		var all []string
		for next := "/v1/professionals?limit=2&sort=name"; next != "null"; {
			got := c.ask(t, "anyone", "GET "+next, "")
			who, _ := valueAt(got.body, "items.*.given")
			all = append(all, who)
			next, _ = valueAt(got.body, "next")
		}
		if strings.Join(all, "|") != "Paul Ambroise|Zélie Anaïs|Noé" {
			t.Errorf("%q", all)
		}
	})
}

// facet is a value of a facet as it is written.
func facet(code, label string, n int) string {
	return fmt.Sprintf(`{"code":%q,"count":%d,"label":%q}`, code, n, label)
}

// lacks tells where is has not what want has. Keys may have been added.
func lacks(path string, want, is any) (out []string) {
	switch w := want.(type) {
	case map[string]any:
		o, ok := is.(map[string]any)
		for k, v := range w {
			x, there := o[k]
			if !ok || !there {
				out = append(out, path+"."+k+" is not there")
				continue
			}
			out = append(out, lacks(path+"."+k, v, x)...)
		}
		return out
	case []any:
		if o, ok := is.([]any); ok && len(o) == len(w) {
			for i := range w {
				out = append(out, lacks(fmt.Sprintf("%s.%d", path, i), w[i], o[i])...)
			}
			return out
		}
	default:
		if want == is {
			return nil
		}
	}
	return append(out, fmt.Sprintf("%s is %v, want %v", path, is, want))
}
