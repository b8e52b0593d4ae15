package ldapd

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd/schema"
)

// Operational attributes that are computed for every entry (RFC 4512, 3.4; RFC 4530; RFC 5020), and objectClass.
var (
	typeObjectClass       = schema.Lookup([]byte("objectClass"))
	typeEntryDN           = schema.Lookup([]byte("entryDN"))
	typeEntryUUID         = schema.Lookup([]byte("entryUUID"))
	typeSubschemaSubentry = schema.Lookup([]byte("subschemaSubentry"))
	typeHasSubordinates   = schema.Lookup([]byte("hasSubordinates"))
	typeStructural        = schema.Lookup([]byte("structuralObjectClass"))
	typeCreated           = schema.Lookup([]byte("createTimestamp"))
	typeModified          = schema.Lookup([]byte("modifyTimestamp"))
)

// computed lists the operational ones, in the order in which they are returned.
var computed = []*schema.AttributeType{typeStructural, typeEntryUUID, typeEntryDN, typeSubschemaSubentry, typeHasSubordinates, typeCreated, typeModified}

// subject is the entry that a search looks at: filters are tried on it, answers are made of it. One per search, used again for each entry.
type subject struct {
	place
	asOf   func() (time.Time, error) // of the extract
	stamps [][]byte                  // what asOf said
	asked  bool

	buf []byte
	one [1][]byte
}

// Card returns the card, or the zero Card of an entry that is none.
func (x *subject) Card() card.Card { return x.card }

var (
	yes, no         = [][]byte{[]byte("TRUE")}, [][]byte{[]byte("FALSE")}
	schemaDNOfEntry = [][]byte{[]byte(schemaDN)}
)

// Computed returns the values of what is on no card. They hold until the next call.
func (x *subject) Computed(t *schema.AttributeType) [][]byte {
	if t == nil {
		return nil
	}
	if x.node != nil {
		if own := x.node.values(t); own != nil {
			return own
		}
		if x.node.shown == "" { // the root DSE has no other (RFC 4512, 5.1)
			return nil
		}
	}
	switch t {
	case typeObjectClass:
		return x.shelf.classes
	case typeEntryDN:
		return x.value(x.appendDN(x.buf[:0]))
	case typeSubschemaSubentry:
		return schemaDNOfEntry
	case typeHasSubordinates:
		if x.node != nil && x.node.kids {
			return yes
		}
		return no
	case typeStructural:
		if x.node != nil {
			return x.value(append(x.buf[:0], x.node.structural...))
		}
		return x.shelf.structural
	case typeEntryUUID:
		return x.value(x.appendUUID(x.buf[:0]))
	case typeCreated, typeModified:
		return x.time()
	}
	return nil
}

func (x *subject) value(v []byte) [][]byte {
	x.buf, x.one[0] = v, v
	return x.one[:]
}

// EachInDN calls fn with the values of the DN until it returns false.
func (x *subject) EachInDN(fn func(*schema.AttributeType, []byte) bool) {
	under := x.node
	if under == nil {
		if !fn(x.shelf.naming, x.card.ID()) {
			return
		}
		under = x.shelf.under
	}
	for _, a := range under.inDN {
		if !fn(a.t, a.values[0]) {
			return
		}
	}
}

func (x *subject) appendDN(dst []byte) []byte {
	if x.node != nil {
		return append(dst, x.node.shown...)
	}
	return x.shelf.appendDN(dst, x.card)
}

// appendUUID appends an entryUUID (RFC 4530) that is the same whenever and wherever the entry is served: version 8 (RFC 9562, 5.8), of
// what names the entry.
func (x *subject) appendUUID(dst []byte) []byte {
	book, id := annuaire.Book("node"), []byte(nil)
	if x.node != nil {
		id = []byte(x.node.name.String())
	} else {
		book, id = x.shelf.book, x.card.ID()
	}
	sum := sha256.Sum256(append(append(append(make([]byte, 0, 128), "annuaire entryUUID "...), book...), append([]byte{0}, id...)...))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	for i, part := range [][]byte{sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16]} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, part)
	}
	return dst
}

// time is when the entries were made: that of the extract, as GeneralizedTime (RFC 4517, 3.3.13). Nothing before the first extract.
func (x *subject) time() [][]byte {
	if !x.asked {
		x.asked = true
		if at, err := x.asOf(); err == nil && !at.IsZero() {
			x.stamps = [][]byte{at.UTC().AppendFormat(nil, "20060102150405Z")}
		}
	}
	return x.stamps
}
