package store

import (
	"encoding/binary"

	"annuaire"
)

// layer lays records out, byte for byte as Encode does and without reflection: a first load writes millions of them. See scanner for the form.
type layer struct{ b []byte }

// lay appends a record.
func lay[T Record](b []byte, rec *T) []byte {
	l := layer{b}
	switch r := any(rec).(type) {
	case *annuaire.Professional:
		l.professional(r)
	case *annuaire.Structure:
		l.structure(r)
	case *annuaire.Mailbox:
		l.mailbox(r)
	}
	return l.b
}

// head writes the beginning of an item that is, or is as long as, n.
func (l *layer) head(major byte, n int) {
	major <<= 5
	switch {
	case n < 24:
		l.b = append(l.b, major|byte(n))
	case n < 1<<8:
		l.b = append(l.b, major|24, byte(n))
	case n < 1<<16:
		l.b = binary.BigEndian.AppendUint16(append(l.b, major|25), uint16(n))
	default:
		l.b = binary.BigEndian.AppendUint32(append(l.b, major|26), uint32(n))
	}
}

// fields begins a map, whose length is not known yet; no record has as many as 24.
func (l *layer) fields() (at int) {
	l.b = append(l.b, majorMap<<5)
	return len(l.b) - 1
}

// key writes the number of a field of the map that began at at.
func (l *layer) key(at int, n byte) {
	l.b[at]++
	l.b = append(l.b, majorNumber<<5|n)
}

func (l *layer) str(s string) {
	l.head(majorText, len(s))
	l.b = append(l.b, s...)
}

// text writes a field that may be empty and is then left out.
func (l *layer) text(at int, key byte, s string) {
	if s != "" {
		l.key(at, key)
		l.str(s)
	}
}

// must writes a field, empty or not.
func (l *layer) must(at int, key byte, s string) {
	l.key(at, key)
	l.str(s)
}

func (l *layer) coded(at int, key byte, c *annuaire.Coded) {
	l.key(at, key)
	m := l.fields()
	l.text(m, 1, c.Code)
	l.text(m, 2, c.Label)
}

func (l *layer) truth(at int, key byte, yes bool) {
	l.key(at, key)
	item := byte(itemFalse)
	if yes {
		item = itemTrue
	}
	l.b = append(l.b, item)
}

// items writes a list, unless it is empty.
func items[T any](l *layer, at int, key byte, all []T, one func(*layer, *T)) {
	if len(all) == 0 {
		return
	}
	l.key(at, key)
	l.head(majorList, len(all))
	for i := range all {
		one(l, &all[i])
	}
}

func (l *layer) strs(at int, key byte, all []string) {
	items(l, at, key, all, func(l *layer, s *string) { l.str(*s) })
}
