package match

import "unicode/utf8"

// Place is where the string being prepared stands: spaces at its ends mean different things (RFC 4518, 2.6.1).
type Place uint8

// The places.
const (
	Whole   Place = iota // a value, or an assertion about a whole value
	Initial              // of a substrings assertion
	Any
	Final
)

// String appends the prepared form of a directory string, printable string or IA5 string: caseIgnoreMatch and its kin with fold,
// caseExactMatch without. It is false for what is not UTF-8 or holds a prohibited character.
func String(dst, s []byte, fold bool, p Place) (out []byte, ok bool) {
	w := spacer{dst: dst, place: p}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == ' ' || '\t' <= c && c <= '\r':
				w.gap = true
			case c < ' ' || c == 0x7f: // control characters map to nothing
			default:
				if fold && 'A' <= c && c <= 'Z' {
					c += 'a' - 'A'
				}
				w.put(c)
			}
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		if fold {
			r = plainLower(r)
		} else if plainLower(r) == 0 {
			r = 0
		}
		if r == 0 || marked(s[i+size:]) {
			return slow(dst, s, fold, p)
		}
		w.put2(r)
		i += size
	}
	return w.end(), true
}

// plainLower returns the lower case of the letters of French and its neighbours: those of one code point that case folding and NFKC
// leave as they are otherwise, and which are no space. 0 for any other.
func plainLower(r rune) rune {
	switch {
	case r == 'Œ':
		return 'œ'
	case r == 'Ÿ':
		return 'ÿ'
	case r == 'œ' || r == '’' || r == '‘' || r == '–' || r == '—' || r == '«' || r == '»' || r == '°':
		return r
	case r == 'ß' || r < 'À' || r > 'ÿ':
		return 0
	case r <= 'Þ' && r != '×':
		return r + 'à' - 'À'
	}
	return r
}

// marked reports whether s begins with what may be a combining mark: that is composed with what stands before it.
func marked(s []byte) bool {
	if len(s) == 0 || s[0] < 0xcc {
		return false
	}
	r, _ := utf8.DecodeRune(s)
	return plainLower(r) == 0
}
