package index

import (
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/geo"
	"annuaire/internal/names"
)

func textHolds(e annuaire.Expr, values ...string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return compareText(e.Op, names.Fold(v), names.Fold(e.Value)) })
}

func compareText(op annuaire.ExprOp, have, want string) bool {
	if op == annuaire.OpPresent {
		return have != ""
	}
	if have == "" || want == "" {
		return false
	}
	switch op {
	case annuaire.OpEquals:
		return have == want
	case annuaire.OpContains:
		return strings.Contains(have, want)
	}
	w := strings.Fields(want)
	for _, h := range strings.Fields(have) {
		if len(w) > 0 && strings.HasPrefix(h, w[0]) {
			w = w[1:]
		}
	}
	return len(w) == 0
}

func nameHolds(e annuaire.Expr, who *annuaire.Professional) bool {
	all := strings.Fields(names.Fold(who.Family) + " " + names.Fold(who.Given))
	if e.Op == annuaire.OpPresent {
		return len(all) > 0
	}
	want := strings.Fields(names.Fold(e.Value))
	for _, w := range want {
		if !slices.ContainsFunc(all, func(h string) bool { return compareText(e.Op, h, w) }) {
			return false
		}
	}
	return len(want) > 0
}

func cityHolds(e annuaire.Expr, addr annuaire.Address) bool {
	spell := func(s string) string {
		w := strings.Fields(names.Fold(s))
		for i := range w {
			if w[i] == "st" {
				w[i] = "saint"
			}
		}
		return strings.Join(w, " ")
	}
	values := []string{spell(addr.City)}
	for _, code := range withCity(addr.INSEE) {
		c, _ := geo.ByINSEE(code)
		values = append(values, spell(c.Name))
	}
	asked := []string{names.Fold(e.Value), spell(e.Value)} // "st" may also begin Strasbourg
	if e.Op == annuaire.OpEquals {
		asked = asked[1:]
	}
	for _, v := range values {
		if slices.ContainsFunc(asked, func(a string) bool { return compareText(e.Op, v, a) }) {
			return true
		}
	}
	if e.Op == annuaire.OpPresent {
		return false
	}
	codes := geo.Cities(e.Value)
	if _, ok := geo.ByINSEE(e.Value); ok {
		codes = append(codes, e.Value)
	}
	return slices.ContainsFunc(withCity(addr.INSEE), func(c string) bool { return c != "" && slices.Contains(codes, c) })
}
