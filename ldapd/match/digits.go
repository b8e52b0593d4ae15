package match

// Numeric appends the form of a numeric string: its digits, spaces left out (RFC 4518, 2.6.2). It is false for anything else in it.
func Numeric(dst, s []byte) (out []byte, ok bool) {
	for _, c := range s {
		switch {
		case '0' <= c && c <= '9':
			dst = append(dst, c)
		case c != ' ':
			return dst, false
		}
	}
	return dst, true
}

// Telephone appends the form of a telephone number: case ignored, spaces and hyphens left out (RFC 4518, 2.6.3). It is false for what
// is no printable string (RFC 4517, 3.3.31).
func Telephone(dst, s []byte) (out []byte, ok bool) {
	for _, c := range s {
		switch {
		case c == ' ' || c == '-':
		case !printable[c]:
			return dst, false
		case 'A' <= c && c <= 'Z':
			dst = append(dst, c+'a'-'A')
		default:
			dst = append(dst, c)
		}
	}
	return dst, true
}

// Printable reports whether s is made of the characters of a printable string (RFC 4517, 3.2).
func Printable(s []byte) bool {
	for _, c := range s {
		if !printable[c] {
			return false
		}
	}
	return true
}

var printable = func() (t [256]bool) {
	for c := range t {
		t[c] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
	}
	for _, c := range []byte("'()+,-.=/:? ") {
		t[c] = true
	}
	return t
}()

// ASCII reports whether s is an IA5 string.
func ASCII(s []byte) bool {
	for _, c := range s {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
