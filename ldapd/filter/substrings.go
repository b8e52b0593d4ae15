package filter

import (
	"bytes"

	"annuaire/ldapd/match"
)

// substrings reports whether the fragments stand in v one after the other, without overlap (RFC 4517, 4.2.13).
func substrings(v []byte, fragments []fragment) bool {
	for _, f := range fragments {
		switch f.place {
		case match.Initial:
			if !bytes.HasPrefix(v, f.text) {
				return false
			}
			v = v[len(f.text):]
		case match.Final:
			return bytes.HasSuffix(v, f.text)
		default:
			i := bytes.Index(v, f.text)
			if i < 0 {
				return false
			}
			v = v[i+len(f.text):]
		}
	}
	return true
}
