package main

import "encoding/binary"

// search is a SearchRequest as a client sends it (RFC 4511, 4.5.1).
type search struct {
	base   string
	scope  int // 0 base, 1 one level, 2 subtree
	deref  int
	size   int // entries, 0 is no limit of the client's
	time   int // seconds, the same
	filter string
	attrs  []string
	wide   bool // lengths as Windows clients write them
	sort   string
	page   int // entries of a page, 0 for no pages
	cookie []byte
}

// request is an encoded message whose id can be changed in place.
type request struct {
	bytes []byte
	idAt  int
}

// firstID takes four octets, so that every later id takes its place (ids go up to 2^31-1).
const firstID = 0x01000000

// setID changes the message id.
func (r request) setID(id uint32) { binary.BigEndian.PutUint32(r.bytes[r.idAt:], id) }

// clone returns a request of the same bytes, for a connection of its own.
func (r request) clone() request { return request{append([]byte(nil), r.bytes...), r.idAt} }

const (
	opBind   = 0x60
	opSearch = 0x63
	controls = 0xa0

	oidPaged = "1.2.840.113556.1.4.319"
	oidSort  = "1.2.840.113556.1.4.473"
)

// message encodes an LDAPMessage.
func message(wide bool, body func(w *writer)) request {
	w := &writer{wide: wide}
	w.constructed(tagSequence, func() {
		w.number(tagInt, firstID)
		body(w)
	})
	// The id is the last four octets of the first element, and that follows the first header.
	header := 2
	if w.b[1] >= 0x80 {
		header += int(w.b[1] & 0x7f)
	}
	return request{w.b, header + 2}
}

// encode encodes the request.
func (s search) encode() (r request, err error) {
	r = message(s.wide, func(w *writer) {
		w.constructed(opSearch, func() {
			w.octets(tagOctets, s.base)
			w.number(tagEnum, s.scope)
			w.number(tagEnum, s.deref)
			w.number(tagInt, s.size)
			w.number(tagInt, s.time)
			w.boolean(false)
			err = w.filter(s.filter)
			w.constructed(tagSequence, func() {
				for _, a := range s.attrs {
					w.octets(tagOctets, a)
				}
			})
		})
		if s.page > 0 || s.sort != "" {
			w.constructed(controls, func() { s.controls(w) })
		}
	})
	return r, err
}

// controls appends pages (RFC 2696) and order (RFC 2891), neither of them critical.
func (s search) controls(w *writer) {
	if s.page > 0 {
		value := writer{}
		value.constructed(tagSequence, func() {
			value.number(tagInt, s.page)
			value.octets(tagOctets, string(s.cookie))
		})
		w.control(oidPaged, value.b)
	}
	if s.sort != "" {
		value := writer{}
		value.constructed(tagSequence, func() {
			value.constructed(tagSequence, func() {
				value.octets(tagOctets, s.sort)
				value.octets(0x80, ruleOrdering)
			})
		})
		w.control(oidSort, value.b)
	}
}

// ruleOrdering is caseIgnoreOrderingMatch, which SOGo names by its number.
const ruleOrdering = "2.5.13.3"

func (w *writer) control(oid string, value []byte) {
	w.constructed(tagSequence, func() {
		w.octets(tagOctets, oid)
		w.octets(tagOctets, string(value))
	})
}

// bindRequest is the anonymous simple bind, version 3.
func bindRequest() request {
	return message(false, func(w *writer) {
		w.constructed(opBind, func() {
			w.number(tagInt, 3)
			w.octets(tagOctets, "")
			w.octets(0x80, "")
		})
	})
}
