// Package dn reads distinguished names (RFC 4514), compares them as distinguishedNameMatch does (RFC 4517, 4.2.15), and tests on the
// boundaries of their parts, never on strings, whether one stands under another.
package dn

import (
	"cmp"
	"slices"
	"strings"
)

// Limits of a name: far beyond what any directory uses, and little memory.
const (
	MaxBytes = 4096
	maxParts = 64 // attribute values in all
)

// Name is a distinguished name, the entry's own part first. The empty Name is that of the root.
type Name []RDN

// RDN is a relative distinguished name: one attribute value, seldom several, sorted.
type RDN []Value

// Value is one attribute value of a name.
type Value struct {
	Type   string // canonical name in lower case, or the numeric OID of one that is not known
	Raw    []byte // as it was written, without escapes
	Folded string // as it is compared: case ignored, runs of spaces as one
}

// Lookup returns the canonical name of an attribute type from a name, an alias or a numeric OID, and false for one it does not know.
type Lookup func(nameOrOID []byte) (string, bool)

func compareValues(a, b Value) int {
	return cmp.Or(strings.Compare(a.Type, b.Type), strings.Compare(a.Folded, b.Folded))
}

// Equal reports whether both name the same entry.
func (n Name) Equal(o Name) bool {
	return slices.EqualFunc(n, o, func(a, b RDN) bool { return slices.CompareFunc(a, b, compareValues) == 0 })
}

// Under returns what stands before base when n is base (nothing) or stands under it.
func (n Name) Under(base Name) (rest Name, ok bool) {
	cut := len(n) - len(base)
	if cut < 0 || !n[cut:].Equal(base) {
		return nil, false
	}
	return n[:cut], true
}

// String is the name in one normal form, the same for names that are Equal.
func (n Name) String() string {
	var b []byte
	for i, r := range n {
		if i > 0 {
			b = append(b, ',')
		}
		for j, v := range r {
			if j > 0 {
				b = append(b, '+')
			}
			b = Escape(append(append(b, v.Type...), '='), []byte(v.Folded))
		}
	}
	return string(b)
}

// Is reports whether the part is one value of this type.
func (r RDN) Is(canonical string) bool { return len(r) == 1 && r[0].Type == canonical }

// special are the characters that a name escapes wherever they stand.
var special = [256]bool{'"': true, '+': true, ',': true, ';': true, '<': true, '>': true, '\\': true}

const hexDigits = "0123456789abcdef"

// Escape appends a value as a name writes it (RFC 4514, 2.4).
func Escape(dst, value []byte) []byte {
	for i, c := range value {
		switch {
		case c == 0:
			dst = append(dst, `\00`...)
			continue
		case special[c],
			i == 0 && (c == ' ' || c == '#'),
			i == len(value)-1 && c == ' ':
			dst = append(dst, '\\')
		case c < ' ' || c == 0x7f: // not asked for; kinder to whoever reads
			dst = append(dst, '\\', hexDigits[c>>4], hexDigits[c&15])
			continue
		}
		dst = append(dst, c)
	}
	return dst
}
