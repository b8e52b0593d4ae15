package match

import (
	"unicode/utf8"
	"unsafe"

	"annuaire/internal/names"
)

// Fold appends s with case, accents and ligatures folded, signs as spaces, and one space between words: what names.Fold gives.
func Fold(dst, s []byte) []byte {
	start, gap := len(dst), false
	for _, c := range s {
		if c >= utf8.RuneSelf {
			return names.AppendFold(dst[:start], unsafe.String(unsafe.SliceData(s), len(s))) // which does not keep it
		}
		f := asciiFold[c]
		if f == 0 {
			gap = true
			continue
		}
		if gap && len(dst) > start {
			dst = append(dst, ' ')
		}
		gap = false
		dst = append(dst, f)
	}
	return dst
}

// asciiFold is the folded form of an ASCII character, 0 for a sign.
var asciiFold = func() (t [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			t[c] = c
		case 'A' <= c && c <= 'Z':
			t[c] = c + 'a' - 'A'
		}
	}
	return t
}()
