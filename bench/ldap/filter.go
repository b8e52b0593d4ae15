package main

import (
	"errors"
	"fmt"
	"strings"
)

// The identifier octets of filters (RFC 4511, 4.5.1).
const (
	filterAnd        = 0xa0
	filterOr         = 0xa1
	filterEquality   = 0xa3
	filterSubstrings = 0xa4
	filterPresent    = 0x87
)

var errFilter = errors.New("filter")

// filter appends a filter written as RFC 4515 has it: and, or, equality, substrings and presence, which is all that the clients
// measured send. Values hold no octet that must be escaped: they are letters and digits of the data (plain says so).
func (w *writer) filter(s string) error {
	rest, err := w.filterItem(s)
	if err == nil && rest != "" {
		err = fmt.Errorf("%w: %q follows %q", errFilter, rest, s)
	}
	return err
}

func (w *writer) filterItem(s string) (rest string, err error) {
	if len(s) < 3 || s[0] != '(' {
		return "", fmt.Errorf("%w: %q does not begin with a parenthesis", errFilter, s)
	}
	switch s[1] {
	case '&', '|':
		tag := byte(filterAnd)
		if s[1] == '|' {
			tag = filterOr
		}
		rest = s[2:]
		w.constructed(tag, func() {
			for err == nil && strings.HasPrefix(rest, "(") {
				rest, err = w.filterItem(rest)
			}
		})
	default:
		end := strings.IndexByte(s, ')')
		attr, value, ok := strings.Cut(s[1:max(end, 1)], "=")
		if !ok || attr == "" {
			return "", fmt.Errorf("%w: %q compares nothing", errFilter, s)
		}
		w.assertion(attr, value)
		rest = s[end:]
	}
	if err == nil && !strings.HasPrefix(rest, ")") {
		err = fmt.Errorf("%w: %q is not closed", errFilter, s)
	}
	if err != nil {
		return "", err
	}
	return rest[1:], nil
}

func (w *writer) assertion(attr, value string) {
	parts := strings.Split(value, "*")
	switch {
	case value == "*":
		w.octets(filterPresent, attr)
	case len(parts) == 1:
		w.constructed(filterEquality, func() {
			w.octets(tagOctets, attr)
			w.octets(tagOctets, value)
		})
	default:
		w.constructed(filterSubstrings, func() {
			w.octets(tagOctets, attr)
			w.constructed(tagSequence, func() {
				for i, p := range parts {
					if p != "" {
						w.octets(substringTag(i, len(parts)), p)
					}
				}
			})
		})
	}
}

// substringTag is initial for the first part, final for the last one, any between them.
func substringTag(i, n int) byte {
	switch i {
	case 0:
		return 0x80
	case n - 1:
		return 0x82
	}
	return 0x81
}

// plain reports whether a value can stand in a filter as it is.
func plain(v string) bool { return v != "" && !strings.ContainsAny(v, "()*\\\x00") }
