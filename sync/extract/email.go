package extract

import (
	"slices"
	"strings"
	"unicode"
)

// SplitEmails takes apart a column that may hold several addresses, separated by semicolons, commas or spaces, and sets the
// MSSanté ones (domain mssante.fr or below) apart from ordinary e-mail: the two must never be mixed up. Addresses come in lower
// case, once each, in their order; what is no address is dropped.
func SplitEmails(raw string) (ordinary, mssante []string) {
	for _, a := range strings.FieldsFunc(raw, func(c rune) bool { return c == ';' || c == ',' || unicode.IsSpace(c) }) {
		a = strings.ToLower(strings.Trim(strings.TrimSpace(a), "<>"))
		if checkAddress([]byte(a)) != "" {
			continue
		}
		list := &ordinary
		if domain := a[strings.IndexByte(a, '@')+1:]; domain == "mssante.fr" || strings.HasSuffix(domain, ".mssante.fr") {
			list = &mssante
		}
		if !slices.Contains(*list, a) {
			*list = append(*list, a)
		}
	}
	return ordinary, mssante
}
