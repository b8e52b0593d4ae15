package audience

import (
	"slices"
	"strings"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/geo"
)

// one takes what a table knows under one code.
func one(resolve func(string) (string, bool)) reader {
	return func(v string) ([]string, bool) {
		code, ok := resolve(v)
		return []string{code}, ok
	}
}

// readCity takes an INSEE code or a name: all communes of that name. People of an arrondissement answer to their city, which therefore
// stands alone.
func readCity(v string) ([]string, bool) {
	if c, ok := geo.ByINSEE(strings.ToUpper(strings.TrimSpace(v))); ok {
		return []string{c.INSEE}, true
	}
	codes := geo.Cities(v)
	out := slices.DeleteFunc(slices.Clone(codes), func(code string) bool {
		c, _ := geo.ByINSEE(code)
		return c.Parent != "" && slices.Contains(codes, c.Parent)
	})
	return out, len(out) > 0
}

// readPostalCode takes a postal code, or its beginning of two digits or more.
func readPostalCode(v string) ([]string, bool) {
	v = compact(v)
	return []string{v}, len(v) >= 2 && len(v) <= 5 && all(v, "")
}

// readFINESS takes a number of nine characters; those of Corsica have a letter. Some files write an F before it.
func readFINESS(v string) ([]string, bool) {
	v = compact(v)
	if len(v) == 10 {
		v = strings.TrimPrefix(v, "F")
	}
	return []string{v}, len(v) == 9 && all(v, "AB")
}

// readID takes an RPPS number, an IdNatPP, or an ADELI number, a few of which have letters.
func readID(v string) ([]string, bool) {
	id, ok := annuaire.NationalID(v)
	if len(id) == 10 { // ADELI
		digits := lo.CountBy([]byte(id), func(c byte) bool { return '0' <= c && c <= '9' })
		return []string{id}, ok && id[0] <= '9' && digits >= len(id)/2
	}
	return []string{id}, ok && all(id, "")
}

// digits takes a number of n digits.
func digits(n int) reader {
	return func(v string) ([]string, bool) {
		v = compact(v)
		return []string{v}, len(v) == n && all(v, "")
	}
}

func compact(v string) string { return strings.ToUpper(strings.ReplaceAll(v, " ", "")) }

// all reports whether v is made of digits and the given letters.
func all(v, letters string) bool { return strings.Trim(v, "0123456789"+letters) == "" }
