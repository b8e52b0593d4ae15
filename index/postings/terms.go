package postings

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/cespare/xxhash/v2"
)

// termTable numbers terms by first use. A build looks hundreds of millions of terms up, most of them known: one costs a look at a slot and
// one at the text, and neither is anything that the garbage collector has to follow. The zero table is empty.
type termTable struct {
	slots []uint64 // upper half: that of the hash of a term; lower half: 1 + its number; 0 is free. A power of two, at most half of them taken
	shift int      // from the upper half of a hash to its slot
	text  []byte   // the terms, one after the other: less than 4 GiB, as the format wants
	ends  []uint32

	hashes  []uint32 // room for those of some terms
	touched byte     // what was read only to have it at hand
}

// minSlots is how small a table is: most fields of a small batch have a handful of terms.
const minSlots = 64

func (t *termTable) len() int { return len(t.ends) }

// term returns a term by its number. It is valid until the table is reset.
func (t *termTable) term(n uint32) []byte { return t.text[t.start(n):t.ends[n]] }

func (t *termTable) start(n uint32) uint32 {
	if n == 0 {
		return 0
	}
	return t.ends[n-1]
}

// numbers appends the numbers of terms, each given the first time. Nearly all that a look at a term costs is waiting for memory, slot, end and
// text: those of the terms of a field are asked for together, before they are looked at one by one.
func (t *termTable) numbers(terms []string, to []uint32) []uint32 {
	for 2*(len(t.ends)+len(terms)) > len(t.slots) {
		t.grow()
	}
	t.hashes = t.hashes[:0]
	touched := byte(0)
	for _, term := range terms {
		h := uint32(xxhash.Sum64String(term) >> 32)
		t.hashes = append(t.hashes, h)
		touched ^= byte(t.slots[h>>t.shift])
	}
	for _, h := range t.hashes {
		if s := t.slots[h>>t.shift]; s != 0 && uint32(s>>32) == h {
			if from := int(t.start(uint32(s) - 1)); from < len(t.text) {
				touched ^= t.text[from]
			}
		}
	}
	t.touched = touched
	for i, term := range terms {
		to = append(to, t.number(term, t.hashes[i]))
	}
	return to
}

// number returns the number of a term, which it gives it the first time; there is room for one more.
func (t *termTable) number(term string, hash uint32) uint32 {
	at := int(hash >> t.shift)
	for ; t.slots[at] != 0; at = (at + 1) & (len(t.slots) - 1) {
		if s := t.slots[at]; uint32(s>>32) == hash && string(t.term(uint32(s)-1)) == term {
			return uint32(s) - 1
		}
	}
	t.text = append(doubled(t.text, len(term)), term...)
	t.ends = append(doubled(t.ends, 1), uint32(len(t.text)))
	t.slots[at] = uint64(hash)<<32 | uint64(len(t.ends))
	return uint32(len(t.ends) - 1)
}

// doubled makes room for n more in a long slice: append makes a quarter more, which copies it five times over.
func doubled[T any](s []T, n int) []T {
	if cap(s)-len(s) < n {
		s = slices.Grow(s, max(n, len(s)))
	}
	return s
}

// grow doubles the slots. They are in the order of their hashes but for those that met others, so that it reads and writes straight on.
func (t *termTable) grow() {
	old := t.slots
	t.slots = make([]uint64, max(minSlots, 2*len(old)))
	for t.shift = 32; 1<<(32-t.shift) < len(t.slots); t.shift-- {
	}
	for _, s := range old {
		if s == 0 {
			continue
		}
		at := int(uint32(s>>32) >> t.shift)
		for t.slots[at] != 0 {
			at = (at + 1) & (len(t.slots) - 1)
		}
		t.slots[at] = s
	}
}

// reset forgets the terms and keeps the room.
func (t *termTable) reset() {
	clear(t.slots)
	t.text, t.ends = t.text[:0], t.ends[:0]
}

// ranked is a term to be sorted: its first eight bytes as a number, which nearly always decide, and its own.
type ranked struct {
	first  uint64
	number uint32
}

// sorted appends the terms to room in their order.
func (t *termTable) sorted(room []ranked) []ranked {
	room = slices.Grow(room, t.len())
	for n := range uint32(t.len()) {
		var first [8]byte
		copy(first[:], t.term(n))
		room = append(room, ranked{binary.BigEndian.Uint64(first[:]), n})
	}
	slices.SortFunc(room, func(a, b ranked) int {
		if a.first != b.first {
			return cmp.Compare(a.first, b.first)
		}
		return bytes.Compare(t.term(a.number), t.term(b.number))
	})
	return room
}
