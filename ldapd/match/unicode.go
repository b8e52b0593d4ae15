package match

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// slow prepares any string, step by step as RFC 4518, 2 has them.
func slow(dst, s []byte, fold bool, p Place) ([]byte, bool) {
	prepared, ok := mapped(s, fold)
	if !ok {
		return dst, false
	}
	w := spacer{dst: dst, place: p}
	for i := 0; i < len(prepared); {
		r, size := utf8.DecodeRune(prepared[i:])
		i += size
		if r == ' ' {
			if next, _ := utf8.DecodeRune(prepared[i:]); i == len(prepared) || !unicode.Is(unicode.M, next) { // else it carries the mark
				w.gap = true
				continue
			}
		}
		w.put2(r)
	}
	return w.end(), true
}

// mapped does the steps before spaces: map (2.2), normalise (2.3), prohibit (2.4). Bidirectional characters are let be (2.5).
func mapped(s []byte, fold bool) ([]byte, bool) {
	out := make([]byte, 0, len(s)+8)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRune(s[i:])
		if r == utf8.RuneError && size == 1 {
			return nil, false
		}
		i += size
		switch {
		case isSpace(r):
			out = append(out, ' ')
		case isNothing(r):
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	// Table B.2 of RFC 3454 is case folding closed under NFKC: folding once more what normalising brought gives the same.
	for range 2 {
		if fold {
			out = cases.Fold().Bytes(out)
		}
		out = norm.NFKC.Bytes(out)
	}
	for i := 0; i < len(out); {
		r, size := utf8.DecodeRune(out[i:])
		if prohibited(r) {
			return nil, false
		}
		i += size
	}
	return out, true
}

// isSpace reports what 2.2 maps to a space: the white space controls, and every separator but the zero width one.
func isSpace(r rune) bool {
	return '\t' <= r && r <= '\r' || r == 0x85 || unicode.Is(unicode.Z, r)
}

// isNothing reports what 2.2 maps to nothing: soft hyphens, joiners, variation selectors, and every other control character.
func isNothing(r rune) bool {
	switch {
	case r == 0xad, r == 0x1806, r == 0x34f, r == 0xfffc, 0x180b <= r && r <= 0x180e, 0xfe00 <= r && r <= 0xfe0f:
		return true
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)
}

// prohibited reports what 2.4 refuses: private use, noncharacters, the replacement character, and what is not assigned. RFC 4518 counts as assigned
// what Unicode 3.2 had; here it is what the Unicode of the Go release has, or names in newer letters could not be asked for.
func prohibited(r rune) bool {
	switch {
	case r < 0x250:
		return false
	case r == utf8.RuneError, r&0xfffe == 0xfffe, 0xfdd0 <= r && r <= 0xfdef, unicode.Is(unicode.Co, r):
		return true
	}
	return unicode.Is(unicode.Cn, r)
}
