package mask

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// letter is one character that a text stands for, and where it is written.
type letter struct {
	r        rune
	from, to int
}

type text []letter

// decode reads a text as whoever receives it would: %31, %2531 and \31 are "1". Bytes that are no UTF-8 stand for themselves.
func decode(s string) text {
	var raw []byte
	var from []int // of each byte, and one more
	for i := 0; i < len(s); {
		b, n := unescape(s[i:])
		raw, from = append(raw, b), append(from, i)
		i += n
	}
	from = append(from, len(s))
	out := make(text, 0, len(raw))
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		out = append(out, letter{plain(r), from[i], from[i+n]})
		i += n
	}
	return out
}

// unescape returns the byte that s begins with and how many bytes say so.
func unescape(s string) (byte, int) {
	if s[0] != '%' && s[0] != '\\' {
		return s[0], 1
	}
	i := 1
	for s[0] == '%' && len(s) >= i+4 && s[i:i+2] == "25" { // escaped more than once
		if _, ok := hexByte(s[i+2:]); !ok {
			break
		}
		i += 2
	}
	if b, ok := hexByte(s[i:]); ok {
		return b, i + 2
	}
	return s[0], 1
}

func hexByte(s string) (byte, bool) {
	if len(s) < 2 {
		return 0, false
	}
	b, err := strconv.ParseUint(s[:2], 16, 8)
	return byte(b), err == nil
}

// plain gives digits and letters of other alphabets the ASCII one they are shown as, in lower case.
func plain(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
	case r >= 0xFF01 && r <= 0xFF5E: // full-width
		r -= 0xFEE0
	case unicode.Is(unicode.Nd, r):
		return '0' + digitOf(r)
	}
	return unicode.ToLower(r)
}

// digitOf is the value of a decimal digit: each alphabet has its ten in a row (Unicode, 4.6).
func digitOf(r rune) rune {
	var n rune
	for n < 9 && unicode.Is(unicode.Nd, r-n-1) {
		n++
	}
	if r >= 0x1D7CE && r <= 0x1D7FF { // five alphabets without a gap between them
		return (r - 0x1D7CE) % 10
	}
	return n
}
