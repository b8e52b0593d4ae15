package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Signed returns the words of s that folding changes, in lower case (NFC): "zélie" of "Zélie EXEMPLE". It is by them that an
// accent typed finds first who has it.
func Signed(s string) []string {
	if ascii(s) {
		return nil
	}
	var out []string
	for _, w := range strings.FieldsFunc(norm.NFC.String(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		if w = strings.ToLower(w); !ascii(w) {
			out = append(out, w)
		}
	}
	return out
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
