package api

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/samber/lo"

	"annuaire/api/web"
)

// splitQuery decodes a query string in its order. net/url is not used: it refuses ";", which is content in a name, and loses
// the order and the name of the parameter at fault.
//
// The limit on length leaves the cursor out and holds for the string as sent and as encoded writes it, so that the link to
// the next page is never refused for its length.
func splitQuery(raw string) ([]web.Pair, *fault) {
	tooLong := func() *fault {
		return invalid(longest(raw), "les paramètres dépassent %d octets.", "the parameters exceed %d bytes.", maxQueryBytes)
	}
	if len(raw) > maxQueryBytes+maxCursorBytes {
		return nil, tooLong()
	}
	sent, written := 0, 0
	var out []web.Pair
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		k, v, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(k)
		if err != nil || !clean(name) {
			return nil, invalid(strings.ToValidUTF8(echoed(k), "\uFFFD"), "nom de paramètre mal encodé.", "badly encoded parameter name.")
		}
		value, err := url.QueryUnescape(v)
		switch {
		case err != nil:
			return nil, invalid(name, "valeur mal encodée (%% suivi de deux chiffres hexadécimaux attendu).", "badly encoded value (%% followed by two hexadecimal digits expected).")
		case !utf8.ValidString(value):
			return nil, invalid(name, "la valeur n'est pas en UTF-8.", "the value is not UTF-8.")
		case strings.ContainsRune(value, 0):
			return nil, invalid(name, "la valeur contient un caractère nul.", "the value holds a NUL character.")
		}
		if name != "cursor" {
			sent += len(part) + 1
			written += len(url.QueryEscape(name)) + len(url.QueryEscape(value)) + 2
		}
		out = append(out, web.Pair{Name: name, Value: value})
	}
	if max(sent, written) > maxQueryBytes {
		return nil, tooLong()
	}
	return out, nil
}

func clean(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// longest names the parameter that takes the most of an oversized query string, as the one to blame.
func longest(raw string) string {
	best := ""
	for part := range strings.SplitSeq(raw, "&") {
		if len(part) > len(best) {
			best = part
		}
	}
	k, _, _ := strings.Cut(best, "=")
	return strings.ToValidUTF8(echoed(k), "\uFFFD")
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
