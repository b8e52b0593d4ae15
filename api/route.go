package api

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/api/web"
)

// route is what one address accepts: its rows of the table and the top-level keys of its items.
type route struct {
	path   string // "/v1/professionals"
	on     routes
	params []*param // in the order of the table
	keys   []string // of an item, in their order
}

// newRoute takes the rows of the table that concern a route.
func newRoute(path string, on routes, keys []string) *route {
	rt := &route{path: path, on: on, keys: keys}
	for _, p := range params {
		if p.on&on == 0 || on&onExport != 0 && searchOnly[p.name] {
			continue
		}
		if p.name == "fields" {
			p.values = keys
		}
		rt.params = append(rt.params, &p)
	}
	return rt
}

// searchOnly are the parameters of a page, which an export is not.
var searchOnly = map[string]bool{"sort": true, "limit": true, "cursor": true, "facets": true, "explain": true}

// about is what a route finds.
func (rt *route) about() routes { return rt.on &^ onExport }

func (rt *route) param(name string) *param {
	for _, p := range rt.params {
		if p.name == name {
			return p
		}
	}
	return nil
}

// unknown is the fault of a parameter that does not exist here; it names the nearest one, by its name or by another word.
func (rt *route) unknown(name string) *fault {
	var words, means []string
	for _, p := range rt.params {
		for _, w := range append([]string{p.name}, p.also...) {
			words, means = append(words, w), append(means, p.name)
		}
	}
	name = echoed(name)
	if len(words) == 0 {
		return invalid(name, "paramètre inconnu : il n'y en a pas ici.", "unknown parameter: there are none here.")
	}
	guess := nearest(name, words)
	if i := slices.Index(words, guess); i >= 0 {
		guess = means[i]
	}
	return invalid(name, "paramètre inconnu : « %s » ; le plus proche est « %s ».", "unknown parameter: %q; the nearest is %q.", name, guess).meant(guess)
}

// request is a parsed query string: normal values by parameter, and what was given, for the link to the next page.
type request struct {
	route  *route
	pairs  []web.Pair
	values map[string][]string
	given  map[string]int // values given, repetitions included
}

// parse reads a query string. This is the one way in which a parameter is read.
func (rt *route) parse(raw string) (*request, *fault) {
	pairs, f := splitQuery(raw)
	if f != nil {
		return nil, f
	}
	req := &request{route: rt, pairs: pairs, values: map[string][]string{}, given: map[string]int{}}
	for _, kv := range pairs {
		p := rt.param(kv.Name)
		if p == nil {
			return nil, rt.unknown(kv.Name)
		}
		if p.kind.once && req.given[p.name] > 0 {
			return nil, invalid(p.name, "donné plus d'une fois.", "given more than once.")
		}
		if f := req.add(p, kv.Value); f != nil {
			return nil, f
		}
	}
	return req, nil
}

// answering is a handler that is given its parameters.
type answering func(c echo.Context, req *request) error

// to reads the parameters of a route for its handler.
func (rt *route) to(h answering) echo.HandlerFunc {
	return func(c echo.Context) error {
		req, f := rt.parse(c.Request().URL.RawQuery)
		if f != nil {
			return f
		}
		return h(c, req)
	}
}

// add reads one occurrence of a parameter. A value already there is not repeated.
func (req *request) add(p *param, text string) *fault {
	parts := []string{text}
	if p.kind.split != nil && strings.TrimSpace(text) != "" {
		parts = p.kind.split(text)
	}
	longest := p.kind.maxRunes
	if longest == 0 {
		longest = maxValueRunes
	}
	for _, v := range parts {
		v = strings.TrimSpace(v)
		switch {
		case patients(p, v):
			return &fault{err: annuaire.PatientAddress(p.name)}
		case v == "" && !p.kind.blank:
			return invalid(p.name, "valeur vide.", "empty value.")
		case utf8.RuneCountInString(v) > longest:
			return invalid(p.name, "valeur trop longue : %d caractères au plus.", "value too long: %d characters at most.", longest)
		}
		if req.given[p.name]++; req.given[p.name] > maxValues {
			return invalid(p.name, "trop de valeurs : %d au plus.", "too many values: %d at most.", maxValues)
		}
		v, f := p.kind.parse(p, v)
		if f != nil {
			return f
		}
		if !slices.Contains(req.values[p.name], v) {
			req.values[p.name] = append(req.values[p.name], v)
		}
	}
	return nil
}

// number returns the only value of a limit, or what it is when absent.
func (req *request) number(name string, absent int) int {
	n, err := strconv.Atoi(req.first(name, ""))
	if err != nil { // not given: kindLimit lets numbers through only
		return absent
	}
	return n
}

// first returns the only value of a parameter, or what it is when absent.
func (req *request) first(name, absent string) string {
	if v := req.values[name]; len(v) > 0 {
		return v[0]
	}
	return absent
}
