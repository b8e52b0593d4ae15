package relay

import (
	"bytes"
	"errors"
	"strings"

	"golang.org/x/net/idna"
)

// Envelope is who writes to whom. Both are checked: nothing that could end a line or an address goes to the relay. A domain with accents is
// said in punycode.
type Envelope struct {
	From, To string
	ID       string // ENVID of RFC 3461: what reports of delivery quote
}

// ErrAddress is returned for an address that cannot be said in SMTP.
var ErrAddress = errors.New("relay: not an address")

// usable reports whether an address can be said in SMTP: ASCII without spaces, angle brackets and control characters.
func usable(address string) bool {
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at > 64 || at == len(address)-1 || len(address) > 254 {
		return false
	}
	return strings.Count(address, "@") == 1 && !strings.ContainsAny(address, `<>"\,;:()[]`) && !strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// ascii is an address as SMTP says it: a domain with accents in punycode. What cannot be one is refused by usable.
func ascii(a string) string {
	at := strings.LastIndexByte(a, '@')
	if at < 0 || !strings.ContainsFunc(a[at+1:], func(r rune) bool { return r >= 0x80 }) {
		return a
	}
	d, err := idna.Lookup.ToASCII(a[at+1:])
	if err != nil {
		return a
	}
	return a[:at+1] + d
}

// Dotted doubles the dots that begin lines (RFC 5321, 4.5.2) of a text that begins a line.
func Dotted(b []byte) []byte {
	b = bytes.ReplaceAll(b, []byte("\r\n."), []byte("\r\n.."))
	if len(b) > 0 && b[0] == '.' {
		b = append([]byte{'.'}, b...)
	}
	return b
}
