package extract

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// dirty reports whether text needs appendClean: it is not UTF-8, or holds a control character.
func dirty(text []byte) bool {
	high := false
	for _, c := range text {
		if c < ' ' || c == 0x7F {
			return true
		}
		high = high || c >= utf8.RuneSelf
	}
	return high && dirtyHigh(text)
}

// dirtyHigh is dirty for text already known to have bytes above ASCII and no ASCII control: it is not UTF-8, or holds one of U+0080 to U+009F.
// It looks at what is above ASCII alone: a word with an accent in three hundred bytes.
func dirtyHigh(text []byte) bool {
	for i := 0; i < len(text); {
		if i+8 <= len(text) {
			m := binary.LittleEndian.Uint64(text[i:]) & highs
			if m == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(m) >> 3
		}
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 || r >= 0x80 && r < 0xA0 {
			return true
		}
		i += n
	}
	return false
}

// appendClean appends text to dst in UTF-8 without control characters. C1 controls are what remains of Windows-1252 read as
// Latin-1 (U+0092 was an apostrophe, U+009C an œ): they become the characters of that code page. Other controls become spaces,
// so that no word joins the next. With cp1252, text is in Windows-1252 itself. Neither adds or removes a separator.
func appendClean(dst, text []byte, cp1252 bool) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		size := 1
		switch {
		case c < ' ' || c == 0x7F:
			dst = append(dst, ' ')
		case c < utf8.RuneSelf:
			dst = append(dst, c)
		case cp1252:
			dst = appendCP1252(dst, c)
		case c == 0xC2 && i+1 < len(text) && text[i+1] < 0xA0:
			dst = appendCP1252(dst, text[i+1])
			size = 2
		default:
			_, size = utf8.DecodeRune(text[i:])
			dst = append(dst, text[i:i+size]...)
		}
		i += size
	}
	return dst
}

// appendCP1252 appends the character of a byte of Windows-1252; the five bytes it leaves undefined become spaces.
func appendCP1252(dst []byte, c byte) []byte {
	r := charmap.Windows1252.DecodeByte(c)
	if r == utf8.RuneError || r >= 0x80 && r < 0xA0 {
		r = ' '
	}
	return utf8.AppendRune(dst, r)
}
