package extract

import (
	"bytes"
	"unicode/utf8"
)

// The reasons for rejecting a row, besides its number of fields and its length. They hold no personal data.
const (
	reasonNoID      = "empty identifier"
	reasonBadID     = "national identifier is not 1 to 12 letters and digits"
	reasonOtherID   = "national identifier differs from type and identifier"
	reasonNoAddress = "empty mailbox address"
	reasonAddress   = "mailbox address is not one @ between two parts without space"
)

// check sets the row's key and returns why the row cannot be used, or "".
func (r *Row) check() string {
	if r.table.file.Kind != Mailboxes {
		return r.checkID()
	}
	if reason := checkAddress(r.Get(ColAddress)); reason != "" {
		return reason
	}
	if len(r.Get(ColID)) == 0 && len(r.Get(ColNationalID)) == 0 {
		return "" // a box of a service or of a software has no holder
	}
	return r.checkID()
}

// checkID settles the national identifier. Where the column is empty or absent it is type + identifier, as the ANS builds it;
// where it is stated it must say the same. A mailbox may state it alone.
func (r *Row) checkID() string {
	idType, id, national := r.Get(ColIDType), r.Get(ColID), r.Get(ColNationalID)
	switch {
	case len(id) == 0 && (r.table.file.Kind != Mailboxes || len(national) == 0):
		return reasonNoID
	case len(id) == 0:
	case len(national) == 0:
		r.scratch = append(append(r.scratch[:0], idType...), id...)
		national = r.scratch
		if len(idType) == 0 {
			return reasonBadID
		}
	case len(idType) == 0:
		if len(national) < len(id) || !bytes.EqualFold(national[len(national)-len(id):], id) {
			return reasonOtherID
		}
	case len(national) != len(idType)+len(id) || !bytes.EqualFold(national[:len(idType)], idType) ||
		!bytes.EqualFold(national[len(idType):], id):
		return reasonOtherID
	}
	key, ok := keyOf(national)
	if !ok {
		return reasonBadID
	}
	r.key = key
	return ""
}

func checkAddress(a []byte) string {
	if len(a) == 0 {
		return reasonNoAddress
	}
	at := bytes.IndexByte(a, '@')
	if at <= 0 || at == len(a)-1 || bytes.IndexByte(a[at+1:], '@') >= 0 || bytes.ContainsAny(a, " \u00a0") {
		return reasonAddress
	}
	return ""
}

// appendLower appends s in lower case.
func appendLower(dst, s []byte) []byte {
	for i, c := range s {
		if c >= utf8.RuneSelf {
			return append(dst, bytes.ToLower(s[i:])...)
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
