package dn

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fold is the form in which values are compared: that of caseIgnoreMatch for what names of a directory are made of.
func fold(v []byte) string {
	var b strings.Builder
	b.Grow(len(v))
	space := false
	for i := 0; i < len(v); {
		r, size := utf8.DecodeRune(v[i:])
		switch {
		case r == utf8.RuneError && size == 1: // from #hex: kept as it is
			b.WriteByte(v[i])
		case unicode.IsSpace(r):
			space = b.Len() > 0
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(unicode.ToLower(r))
		}
		i += size
	}
	return b.String()
}
