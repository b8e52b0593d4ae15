package api

import (
	"slices"
	"strings"

	"annuaire/api/web"
)

// asked is the question of a page of results as its address has it: values one by one, in their order. The form sends empty fields, and
// links from elsewhere carry parameters of others: the first are dropped, the second said to be of no use.
type asked struct {
	route  *route
	pairs  []web.Pair // without the cursor
	cursor string
	aside  []web.Aside
	blank  bool // there were empty fields: the address can be shorter
}

// notOnPages are the parameters of REST that a page chooses itself.
var notOnPages = []string{"limit", "facets", "fields", "explain"}

// maxAside is how many parameters of no use are told of.
const maxAside = 5

// ofPage reads the address of a page of results.
func (rt *route) ofPage(raw string) (a asked, f *fault) {
	a.route = rt
	all, f := splitQuery(raw)
	if f != nil {
		return a, f
	}
	for _, kv := range all {
		value := strings.TrimSpace(kv.Value)
		p := rt.param(kv.Name)
		switch {
		case p == nil || slices.Contains(notOnPages, kv.Name):
			if len(a.aside) < maxAside {
				a.aside = append(a.aside, web.Aside{Text: echoed(kv.Name), French: "ce paramètre de l'adresse n'a pas de sens ici", English: "this parameter of the address has no meaning here"})
			}
		case value == "":
			a.blank = true
		case kv.Name == "cursor":
			a.cursor = value
		default:
			parts := []string{value}
			if p.kind.split != nil {
				parts = p.kind.split(value)
			}
			for _, v := range parts {
				if one := (web.Pair{Name: kv.Name, Value: strings.TrimSpace(v)}); !slices.Contains(a.pairs, one) {
					a.pairs = append(a.pairs, one)
				}
			}
		}
	}
	return a, nil
}

// request reads the question as REST does.
func (a asked) request() (*request, *fault) {
	all := a.pairs
	if a.cursor != "" {
		all = append(slices.Clone(all), web.Pair{Name: "cursor", Value: a.cursor})
	}
	return a.route.parse(encoded(all))
}
