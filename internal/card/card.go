package card

import (
	"encoding/binary"
	"errors"
	"iter"
	"slices"

	"annuaire"
)

// Card is a rendered entry:
//
//	book, id, then of every attribute that has a value: attribute, its values
//
// each length-prefixed (unsigned varint). It never changes, and points into whatever it was read from. The zero Card has nothing.
type Card struct{ raw []byte }

var errDamaged = errors.New("card: damaged")

// Parse returns the card that Bytes gave. It checks every length once, so that reading needs no further check.
func Parse(raw []byte) (Card, error) {
	rest := raw
	if len(rest) == 0 || int(rest[0]) >= len(books) {
		return Card{}, errDamaged
	}
	rest, ok := skip(rest[1:])
	for ok && len(rest) > 0 {
		var values []byte
		if values, rest, ok = cut(rest[1:]); !ok {
			break
		}
		for ok && len(values) > 0 {
			values, ok = skip(values)
		}
	}
	if !ok {
		return Card{}, errDamaged
	}
	return Card{raw}, nil
}

// Bytes returns the stored form, not to be changed.
func (c Card) Bytes() []byte { return c.raw }

// Book returns which address book the card belongs to.
func (c Card) Book() annuaire.Book { return books[c.raw[0]] }

// ID returns what names the card within its book: the address of a mailbox, the id of a person or a structure.
func (c Card) ID() []byte {
	id, _, _ := cut(c.raw[1:])
	return id
}

// Values yields the values of an attribute, in order. They are not to be changed.
func (c Card) Values(a Attr) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for attr, values := range c.All() {
			if attr == a {
				values(yield)
				return
			}
		}
	}
}

// Has reports whether an attribute has a value.
func (c Card) Has(a Attr) bool {
	for range c.Values(a) {
		return true
	}
	return false
}

// All yields the attributes that have a value, each with its values.
func (c Card) All() iter.Seq2[Attr, iter.Seq[[]byte]] {
	return func(yield func(Attr, iter.Seq[[]byte]) bool) {
		if len(c.raw) == 0 {
			return
		}
		rest, _ := skip(c.raw[1:])
		for len(rest) > 0 {
			attr := Attr(rest[0])
			var values []byte
			values, rest, _ = cut(rest[1:])
			if !yield(attr, eachOf(values)) {
				return
			}
		}
	}
}

func eachOf(values []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for rest := values; len(rest) > 0; {
			var v []byte
			if v, rest, _ = cut(rest); !yield(v) {
				return
			}
		}
	}
}

// cut returns the length-prefixed beginning of b and what follows it.
func cut(b []byte) (v, rest []byte, ok bool) {
	n, l := binary.Uvarint(b)
	if l <= 0 || n > uint64(len(b)-l) {
		return nil, nil, false
	}
	return b[l : l+int(n)], b[l+int(n):], true
}

func skip(b []byte) ([]byte, bool) {
	_, rest, ok := cut(b)
	return rest, ok
}

// books is what the first byte of a card stands for; the numbers are stored.
var books = [...]annuaire.Book{0: annuaire.BookMailboxes, 1: annuaire.BookPeople, 2: annuaire.BookStructures}

// Builder makes cards. Attributes may come in any order.
type Builder struct {
	book   annuaire.Book
	id     string
	values [LastAttr + 1][]string
}

// New starts the card of id in a book.
func New(book annuaire.Book, id string) *Builder { return &Builder{book: book, id: id} }

// Add appends values to an attribute; empty and repeated ones are dropped.
func (b *Builder) Add(a Attr, values ...string) *Builder {
	for _, v := range values {
		if v != "" && !slices.Contains(b.values[a], v) {
			b.values[a] = append(b.values[a], v)
		}
	}
	return b
}

// Card returns what was built.
func (b *Builder) Card() Card {
	raw := append(make([]byte, 0, 512), byte(slices.Index(books[:], b.book)))
	raw = appendString(raw, b.id)
	var part []byte
	for a, values := range b.values {
		if len(values) == 0 {
			continue
		}
		part = part[:0]
		for _, v := range values {
			part = appendString(part, v)
		}
		raw = binary.AppendUvarint(append(raw, byte(a)), uint64(len(part)))
		raw = append(raw, part...)
	}
	return Card{raw}
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
