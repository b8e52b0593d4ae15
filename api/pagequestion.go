package api

import (
	"net/url"
	"slices"
	"strings"

	"github.com/samber/lo"

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
		value := strings.TrimSpace(kv.value)
		p := rt.param(kv.name)
		switch {
		case p == nil || slices.Contains(notOnPages, kv.name):
			if len(a.aside) < maxAside {
				a.aside = append(a.aside, web.Aside{Text: echoed(kv.name), French: "ce paramètre de l'adresse n'a pas de sens ici", English: "this parameter of the address has no meaning here"})
			}
		case value == "":
			a.blank = true
		case kv.name == "cursor":
			a.cursor = value
		default:
			parts := []string{value}
			if p.kind.split != nil {
				parts = p.kind.split(value)
			}
			for _, v := range parts {
				if one := (web.Pair{Name: kv.name, Value: strings.TrimSpace(v)}); !slices.Contains(a.pairs, one) {
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

// at is the address of a page with these parameters.
func at(path string, pairs []web.Pair) string {
	if len(pairs) == 0 {
		return path
	}
	return path + "?" + encoded(pairs)
}

func encoded(pairs []web.Pair) string {
	return strings.Join(lo.Map(pairs, func(p web.Pair, _ int) string { return url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value) }), "&")
}

// except are the pairs but one.
func except(pairs []web.Pair, p web.Pair) []web.Pair {
	return slices.DeleteFunc(slices.Clone(pairs), func(x web.Pair) bool { return x == p })
}

// with are the pairs and one more; set replaces those of its name.
func with(pairs []web.Pair, name, value string) []web.Pair {
	return append(slices.Clone(pairs), web.Pair{Name: name, Value: value})
}

func set(pairs []web.Pair, name, value string) []web.Pair {
	rest := slices.DeleteFunc(slices.Clone(pairs), func(x web.Pair) bool { return x.Name == name })
	if value == "" {
		return rest
	}
	return append(rest, web.Pair{Name: name, Value: value})
}
