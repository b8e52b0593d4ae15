package schema

import (
	"bytes"
	"slices"

	"annuaire/ldapd/match"
)

// Kind is what a matching rule compares for.
type Kind uint8

// The kinds.
const (
	Equality Kind = iota + 1
	Ordering
	Substrings
)

// Rule is a matching rule (RFC 4517, 4.2; RFC 4530, 2.2).
type Rule struct {
	Name, OID string
	Kind      Kind
	Syntax    *Syntax   // of the assertion
	Applies   []*Syntax // of the values it compares
	// Soft says that the announced leniencies are for this rule: it compares words that people write (DESIGN 9).
	Soft    bool
	prepare func(dst, v []byte, p match.Place) ([]byte, bool)
}

// Append appends the prepared form of a value or an assertion: the rule holds when the forms are the same bytes (Equality), that of the value
// comes before (Ordering), or holds those of the substrings in their order (Substrings). It is false for what cannot be compared.
func (r *Rule) Append(dst, v []byte, p match.Place) (out []byte, ok bool) {
	return r.prepare(dst, v, p)
}

// For reports whether the rule compares values of this syntax.
func (r *Rule) For(s *Syntax) bool {
	return slices.Contains(r.Applies, s)
}

type prepare = func(dst, v []byte, p match.Place) ([]byte, bool)

func whole(f func(dst, v []byte) ([]byte, bool)) prepare {
	return func(dst, v []byte, _ match.Place) ([]byte, bool) { return f(dst, v) }
}

func ignoreCase(dst, v []byte, p match.Place) ([]byte, bool) { return match.String(dst, v, true, p) }
func exactCase(dst, v []byte, p match.Place) ([]byte, bool)  { return match.String(dst, v, false, p) }

// ofIA5 prepares IA5 strings alone.
func ofIA5(f prepare) prepare {
	return func(dst, v []byte, p match.Place) ([]byte, bool) {
		if !match.ASCII(v) {
			return dst, false
		}
		return f(dst, v, p)
	}
}

// list prepares a postal address, or a substring of one, which is part of a line.
func list(dst, v []byte, p match.Place) ([]byte, bool) {
	if p != match.Whole {
		return match.String(dst, v, true, p)
	}
	return match.List(dst, v)
}

func octets(dst, v []byte) ([]byte, bool) { return append(dst, v...), true }

// bits prepares '0101'B.
func bits(dst, v []byte) ([]byte, bool) {
	if len(v) < 3 || v[0] != '\'' || string(v[len(v)-2:]) != "'B" || len(bytes.Trim(v[1:len(v)-2], "01")) > 0 {
		return dst, false
	}
	return append(dst, v...), true
}

func booleans(dst, v []byte) ([]byte, bool) { return append(dst, v...), boolean(v) }
