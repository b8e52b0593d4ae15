package audience

import (
	"strings"

	"annuaire"
	"annuaire/internal/geo"
)

func readRegion(v string) ([]string, bool) {
	code, ok := geo.ResolveRegion(v)
	return []string{code}, ok
}

func readDepartment(v string) ([]string, bool) {
	code, ok := geo.ResolveDepartment(v)
	return []string{code}, ok
}

// readCity takes an INSEE code or a name: all communes of that name. People of an arrondissement answer to their city, which therefore
// stands alone.
func readCity(v string) ([]string, bool) {
	if c, ok := geo.ByINSEE(strings.ToUpper(strings.TrimSpace(v))); ok {
		return []string{c.INSEE}, true
	}
	codes := geo.Cities(v)
	in := make(map[string]bool, len(codes))
	for _, c := range codes {
		in[c] = true
	}
	var out []string
	for _, code := range codes {
		if c, _ := geo.ByINSEE(code); c.Parent == "" || !in[c.Parent] {
			out = append(out, code)
		}
	}
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
		return []string{id}, ok && strings.IndexFunc(id, func(r rune) bool { return r > '9' }) != 0 && strings.Count(strings.Map(isDigit, id), "0") >= len(id)/2
	}
	return []string{id}, ok && all(id, "")
}

// isDigit is '0' for digits.
func isDigit(r rune) rune {
	if r >= '0' && r <= '9' {
		return '0'
	}
	return 'x'
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
func all(v, letters string) bool {
	for i := range len(v) {
		if (v[i] < '0' || v[i] > '9') && strings.IndexByte(letters, v[i]) < 0 {
			return false
		}
	}
	return true
}
