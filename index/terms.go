package index

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"annuaire/internal/names"
)

// The bleve fields. Text fields hold words (see words); the others hold codes, each term beginning with its kind.
const (
	fieldID        = "_id"
	fieldStored    = "v" // print, family, given: what orders results (see stored)
	fieldFamily    = "f"
	fieldGiven     = "g"
	fieldStructure = "n"
	fieldStreet    = "r"
	fieldCity      = "c"
	fieldPractice  = "p"
	fieldActivity  = "a"
	fieldPlace     = "l"
	fieldStructIDs = "s"
	fieldBoxes     = "m"
	fieldFlat      = "k" // what a document of the places index is, and whose
)

// continuation is the document id of every situation after the first: nobody is called that, and it makes one postings list.
const continuation = "+"

// The kinds of term of a text field. A word term is
//
//	kindWord word 0 value<<1|last position
//
// where value counts the values of the field, position the words of the value, and last marks its last word: equality of a
// whole value and words in order are both answered from there. A gram term is the same for a beginning of a word of at most
// the gram length of the field (last is 0), so that "m" is a handful of postings lists and not eight thousand.
const (
	kindWord = 'w'
	kindGram = 'g'
	absent   = "!" // the only term of a text field without a word
)

// gramLength is the longest beginning of a word, in bytes, that has terms of its own. Longer ones are ranges of few words.
var gramLength = map[string]int{fieldFamily: 3, fieldGiven: 2, fieldStructure: 2, fieldStreet: 0, fieldCity: 1, fieldMail: 3, fieldDomain: 3, fieldRest: 2}

// Limits of what a term can say: words beyond are not searchable. Extract columns are far below.
const (
	maxValues = 100
	maxWords  = 255
)

// words returns the terms of a text field with these values; empty and repeated values are dropped.
func (b *termBuilder) words(fieldName string, values ...string) packed {
	b.grams = gramLength[fieldName]
	keys, value := hasKeys[fieldName], 0
	folded := b.foldAll(fieldName, values)
	for i, f := range folded {
		if f == "" || value == maxValues || slices.Contains(folded[:i], f) {
			continue
		}
		b.value(value, f)
		if keys {
			b.otherwise(fieldName, values[i], f)
		}
		value++
	}
	if value == 0 {
		return pack(absent)
	}
	return b.packed()
}

// fold reduces a value to what the field compares.
func fold(fieldName, v string) string {
	folded := names.Fold(v)
	if fieldName == fieldCity {
		folded = foldCity(folded)
	}
	return folded
}

// foldAll folds values. They are parts of one string, in room that the next call uses again.
func (b *termBuilder) foldAll(fieldName string, values []string) []string {
	b.text, b.cuts = b.text[:0], b.cuts[:0]
	for _, v := range values {
		b.text = names.AppendFold(b.text, v)
		b.cuts = append(b.cuts, uint32(len(b.text)))
	}
	text, from := string(b.text), uint32(0)
	b.folded = b.folded[:0]
	for _, to := range b.cuts {
		f := text[from:to]
		if from = to; fieldName == fieldCity {
			f = foldCity(f)
		}
		b.folded = append(b.folded, f)
	}
	b.cuts = b.cuts[:0]
	return b.folded
}

// termBuilder writes terms one after the other into one buffer, which it uses again. The zero termBuilder is ready, and remembers no sounds.
type termBuilder struct {
	grams int
	known sounds
	buf   []byte
	ends  []uint16
	cuts  []uint32 // of words: see cut

	text   []byte   // of values, folded
	folded []string // the same, one by one
}

// packed returns the terms written since the last call.
func (b *termBuilder) packed() packed {
	size := len(b.buf)
	for _, e := range b.ends {
		b.buf = binary.LittleEndian.AppendUint16(b.buf, e)
	}
	p := packed{string(b.buf), size}
	b.buf, b.ends = b.buf[:0], b.ends[:0]
	return p
}

func (b *termBuilder) value(n int, folded string) {
	pos := 0
	for more := true; more && pos < maxWords; pos++ {
		var w string
		w, folded, more = strings.Cut(folded, " ")
		last := byte(0)
		if !more {
			last = 1
		}
		b.add(kindWord, w, byte(n)<<1|last, byte(pos))
		for l := 1; l <= b.grams && l <= len(w); l++ {
			if l == len(w) || utf8.RuneStart(w[l]) {
				b.add(kindGram, w[:l], byte(n)<<1, byte(pos))
			}
		}
	}
}

// add appends a term, unless the buffer is full: what does not fit 64 kB is not searchable.
func (b *termBuilder) add(kind byte, w string, value, pos byte) {
	if len(b.buf)+len(w)+4 > math.MaxUint16 {
		return
	}
	b.buf = append(append(append(b.buf, kind), w...), 0, value, pos)
	b.ends = append(b.ends, uint16(len(b.buf)))
}

// raw appends a term as it is.
func (b *termBuilder) raw(kind byte, w, end string) {
	if len(b.buf)+len(w)+len(end)+1 > math.MaxUint16 {
		return
	}
	b.buf = append(append(append(b.buf, kind), w...), end...)
	b.ends = append(b.ends, uint16(len(b.buf)))
}

// once appends a term without position, unless it is there or empty. There are a handful of them.
func (b *termBuilder) once(kind byte, w string) {
	if w == "" || len(b.buf)+len(w)+1 > math.MaxUint16 {
		return
	}
	from := 0
	for _, to := range b.ends {
		if t := b.buf[from:to]; len(t) == len(w)+1 && t[0] == kind && string(t[1:]) == w {
			return
		}
		from = int(to)
	}
	b.buf = append(append(b.buf, kind), w...)
	b.ends = append(b.ends, uint16(len(b.buf)))
}

// position is the suffix of a word or gram term.
type position struct {
	value, pos byte
	last       bool
}

func positionOf(term string) position {
	v := term[len(term)-2]
	return position{value: v >> 1, pos: term[len(term)-1], last: v&1 == 1}
}
