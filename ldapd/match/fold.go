package match

import (
	"slices"
	"unicode/utf8"
	"unsafe"

	"annuaire/internal/names"
)

// Fold appends s with case, accents and ligatures folded, signs as spaces, and one space between words: what names.Fold gives.
func Fold(dst, s []byte) []byte {
	dst = slices.Grow(dst, len(s)) // no letter of the table folds to more bytes than it has
	out, n, gap := dst[len(dst):cap(dst)], 0, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		f := asciiFold[c]
		switch {
		case f == sign:
			gap = true
			continue
		case f == other:
			if c < 0xc3 || c > 0xc5 || i+1 == len(s) || s[i+1]&0xc0 != 0x80 {
				return names.AppendFold(dst, unsafe.String(unsafe.SliceData(s), len(s))) // which does not keep it
			}
			r := rune(c&0x1f)<<6 | rune(s[i+1]&0x3f)
			i++
			l := latinFold[r-latinFirst]
			if l[0] == sign {
				gap = true
				continue
			}
			if gap && n > 0 {
				out[n] = ' '
				n++
			}
			gap = false
			out[n] = l[0]
			n++
			if l[1] != 0 {
				out[n] = l[1]
				n++
			}
			continue
		}
		if gap && n > 0 {
			out[n] = ' '
			n++
		}
		gap = false
		out[n] = f
		n++
	}
	return dst[:len(dst)+n]
}

// What a byte is, other than the letter or digit it folds to.
const (
	sign  = 0
	other = 1
)

// asciiFold is the folded form of a byte.
var asciiFold = func() (t [256]byte) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			t[c] = byte(c)
		case 'A' <= c && c <= 'Z':
			t[c] = byte(c) + 'a' - 'A'
		case c >= utf8.RuneSelf:
			t[c] = other
		}
	}
	return t
}()

// latinFold is the folded form, of one letter or two, of the accented letters of Latin, U+00C0 to U+017F.
var latinFold = func() (t [latinLast - latinFirst + 1][2]byte) {
	for i := range t {
		copy(t[i][:], names.Fold(string(rune(latinFirst+i))))
	}
	return t
}()

const latinFirst, latinLast = 0xc0, 0x17f
