package match

import "bytes"

// List appends the form of a postal address: its lines, each as String prepares it, a NUL between them, which no prepared line and no
// substring holds. So no substring matches across two lines (RFC 4517, 4.2.9 and 4.2.10).
func List(dst, s []byte) (out []byte, ok bool) {
	for first := true; first || s != nil; first = false {
		line := s
		if i := bytes.IndexByte(s, '$'); i >= 0 {
			line, s = s[:i], s[i+1:]
		} else {
			s = nil
		}
		if !first {
			dst = append(dst, 0)
		}
		if dst, ok = String(dst, Unescape(line), true, Whole); !ok {
			return dst, false
		}
	}
	return dst, true
}

// Unescape undoes the escapes of a postal address: \24 for a dollar, \5C for a backslash (RFC 4517, 3.3.28). Any other backslash stands for itself.
func Unescape(s []byte) []byte {
	if bytes.IndexByte(s, '\\') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+2 < len(s) {
			switch string(s[i+1 : i+3]) {
			case "24":
				out, i = append(out, '$'), i+2
				continue
			case "5C", "5c":
				out, i = append(out, '\\'), i+2
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}
