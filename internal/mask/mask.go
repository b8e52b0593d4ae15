// Package mask takes out of a text what must never be written down: the national health identifier of a patient (INS, 13 digits and often a
// key of 2) and the part before @ of a patient's address, which is one. People paste them into search boxes, paths and filters.
//
// It is used where logs and the audit are written, and nowhere else: see obs.WithContext and store.Tx.Audit. RPPS (11 digits), IdNatPP (12),
// FINESS and SIREN (9) and SIRET (14) stay.
package mask

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// What stands for what was there.
const (
	INS     = "[INS]"
	Patient = "[patient]"
)

// String returns s without any INS and without the local part of any patient's address, whether plain, with spaces, percent-encoded, escaped
// as in an LDAP filter, or in digits of another alphabet. Text that holds none comes back as it is.
func String(s string) string {
	if !suspicious(s) {
		return s
	}
	t := decode(s)
	return apply(s, t.numbers(t.patients(nil)))
}

// JSON is String for a JSON document, which stays one.
func JSON(doc []byte) []byte {
	s := string(doc)
	masked := String(s)
	if masked == s {
		return doc
	}
	if json.Valid([]byte(masked)) {
		return []byte(masked)
	}
	quoted, err := json.Marshal(masked) // it was a bare number: the document is then a text
	if err != nil {
		return []byte(`"` + INS + `"`)
	}
	return quoted
}

// suspicious is a cheap look: most texts have neither so many digits nor a patient's domain.
func suspicious(s string) bool {
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits++
		case c == '%' || c == '\\' || c >= 0x80: // may stand for one
			digits++
		case c == '@':
			return true
		}
		if digits >= 12 { // 12 and the letter of a Corsican département
			return true
		}
	}
	return strings.Contains(s, "%40") || strings.Contains(s, "%2540")
}

// cut is a part of a text to replace, in bytes.
type cut struct {
	from, to int
	with     string
}

// apply replaces the cuts; those that overlap are one.
func apply(s string, cuts []cut) string {
	if len(cuts) == 0 {
		return s
	}
	slices.SortFunc(cuts, func(a, b cut) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	var b strings.Builder
	at := 0
	for i := 0; i < len(cuts); {
		c := cuts[i]
		for i++; i < len(cuts) && cuts[i].from < c.to; i++ {
			c.to = max(c.to, cuts[i].to)
			if cuts[i].with == Patient {
				c.with = Patient
			}
		}
		b.WriteString(s[at:c.from])
		b.WriteString(c.with)
		at = c.to
	}
	b.WriteString(s[at:])
	return b.String()
}
