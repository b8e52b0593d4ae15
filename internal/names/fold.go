// Package names holds the rules on names: folding, particles and other spellings, phonetics, typing errors.
package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold reduces s to what comparisons look at: lower-case ASCII letters and digits, words separated by single spaces.
// Case, accents and ligatures go; hyphens, apostrophes (' ’ ʼ) and every other sign become a space, so that "DE-LA TOUR",
// "de la tour" and "De  La Tour" fold alike. Letters outside Latin are kept in lower case. Invalid UTF-8 is a sign.
func Fold(s string) string { return string(AppendFold(make([]byte, 0, len(s)), s)) }

// AppendFold appends the folded s to dst.
func AppendFold(dst []byte, s string) []byte {
	start := len(dst)
	gap := false // a sign stands before what comes next
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		var other string
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
		case c < utf8.RuneSelf:
			gap = true
			continue
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			i += n - 1
			if other = foldRune(r); other == " " {
				gap = true
			}
			if other == " " || other == "" {
				continue
			}
		}
		if gap && len(dst) > start {
			dst = append(dst, ' ')
		}
		if gap = false; other == "" {
			dst = append(dst, c)
		} else {
			dst = append(dst, other...)
		}
	}
	return dst
}

// foldRune returns the folded form of a rune outside ASCII: "" for a combining mark, " " for a sign.
func foldRune(r rune) string {
	switch r {
	case 'é', 'è', 'ê', 'ë', 'É', 'È', 'Ê', 'Ë':
		return "e"
	case 'à', 'â', 'ä', 'À', 'Â', 'Ä':
		return "a"
	case 'ç', 'Ç':
		return "c"
	case 'ô', 'ö', 'Ô', 'Ö', 'ø', 'Ø':
		return "o"
	case 'î', 'ï', 'Î', 'Ï', 'ı':
		return "i"
	case 'û', 'ù', 'ü', 'Û', 'Ù', 'Ü':
		return "u"
	case 'œ', 'Œ':
		return "oe"
	case 'æ', 'Æ':
		return "ae"
	case 'ß', 'ẞ':
		return "ss"
	case 'đ', 'Đ', 'ð', 'Ð':
		return "d"
	case 'ł', 'Ł':
		return "l"
	case 'þ', 'Þ':
		return "th"
	case 'ʼ', '’', '‘', utf8.RuneError:
		return " "
	}
	if unicode.Is(unicode.M, r) {
		return ""
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		switch {
		case unicode.Is(unicode.M, d), unicode.Is(unicode.Lm, d): // marks and modifiers, such as the apostrophe of ŉ
		case unicode.IsLetter(d) || unicode.IsDigit(d):
			b.WriteRune(unicode.ToLower(d))
		}
	}
	if b.Len() == 0 {
		return " "
	}
	return b.String()
}
