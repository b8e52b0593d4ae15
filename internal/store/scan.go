package store

import (
	"unicode/utf8"

	"annuaire"
)

// scanner reads stored records as we write them (CBOR, RFC 8949, in the deterministic form of 4.2.1: entries of maps by ascending key, which
// is the number of a field, nothing that is empty), without reflection: a page of answers, an address book and a check read nothing else. What
// it does not know it leaves to Decode, which also says what is wrong; what it accepts, Decode reads alike.
type scanner struct {
	text string // the whole record: its strings are parts of it
	at   int
	bad  bool
}

// The major types of CBOR that records have.
const (
	majorNumber = 0
	majorText   = 3
	majorList   = 4
	majorMap    = 5
)

const (
	itemFalse = 0xf4
	itemTrue  = 0xf5
)

// head reads the beginning of an item of a type and returns what it says: a number, or a length.
func (s *scanner) head(major byte) int {
	if s.at >= len(s.text) || s.text[s.at]>>5 != major {
		s.bad = true
		return 0
	}
	n := int(s.text[s.at] & 31)
	s.at++
	if n < 24 {
		return n
	}
	size := 1 << (n - 24) // bytes that follow: 1 or 2; nothing of ours is longer
	if size > 2 || s.at+size > len(s.text) {
		s.bad = true
		return 0
	}
	for n = 0; size > 0; size-- {
		n = n<<8 | int(s.text[s.at])
		s.at++
	}
	return n
}

func (s *scanner) str() string {
	n := s.head(majorText)
	if n > len(s.text)-s.at {
		s.bad = true
		return ""
	}
	out := s.text[s.at : s.at+n]
	s.at += n
	if !utf8.ValidString(out) {
		s.bad = true
	}
	return out
}

func (s *scanner) truth() bool {
	if s.at == len(s.text) || s.text[s.at] != itemTrue && s.text[s.at] != itemFalse {
		s.bad = true
		return false
	}
	s.at++
	return s.text[s.at-1] == itemTrue
}

// entries walks a map.
type entries struct{ left, key int }

func (s *scanner) entries() entries { return entries{left: s.head(majorMap)} }

// next goes on to the next entry, whose value is to be read.
func (e *entries) next(s *scanner) bool {
	if s.bad || e.left == 0 {
		return false
	}
	e.left--
	key := s.head(majorNumber)
	if key <= e.key {
		s.bad = true
	}
	e.key = key
	return !s.bad
}

// list reads a list that is not empty.
func list[T any](s *scanner, one func(*scanner) T) []T {
	n := s.head(majorList)
	if n == 0 || n > len(s.text)-s.at {
		s.bad = true
		return nil
	}
	out := make([]T, n)
	for i := 0; i < n && !s.bad; i++ {
		out[i] = one(s)
	}
	return out
}

func strs(s *scanner) []string { return list(s, (*scanner).str) }

// whole reports whether the record was read to its end.
func (s *scanner) whole() bool { return !s.bad && s.at == len(s.text) }

// scan reads a record into rec, false where that is for Decode to do.
func scan[T Record](text string, rec *T) bool {
	s := scanner{text: text}
	switch r := any(rec).(type) {
	case *annuaire.Professional:
		if p := s.professional(); s.whole() {
			*r = p
		}
	case *annuaire.Structure:
		if st := s.structure(); s.whole() {
			*r = st
		}
	case *annuaire.Mailbox:
		if m := s.mailbox(); s.whole() {
			*r = m
		}
	}
	return s.whole()
}
