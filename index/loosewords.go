package index

import (
	"slices"
	"strings"

	"annuaire/internal/names"
)

// nowhere ends a word, or the beginning of one, whose place in its value is not kept.
const nowhere = "\x00\x00\x00"

// loose returns the words of values without their places, how they begin, and their pieces: who asks checks what is found.
func loose(name string, values []string) packed {
	var words []string
	n := 0
	for _, v := range values {
		for w := range strings.FieldsSeq(names.Fold(v)) {
			if !slices.Contains(words, w) {
				words, n = append(words, w), n+len(w)
			}
		}
	}
	if len(words) == 0 {
		return pack(absent)
	}
	b := termBuilder{buf: make([]byte, 0, 9*n+8*len(words)), ends: make([]uint16, 0, n+4*len(words))}
	for _, w := range words {
		b.raw(kindWord, w, nowhere)
	}
	if name == fieldFamily {
		b.raw(kindFirst, words[0], "")
		for size := 1; size <= min(gramLength[name], len(words[0])); size++ {
			b.raw(kindFirst, words[0][:size], pieceEnd)
		}
	}
	for size := 1; size <= gramLength[name]; size++ {
		for _, g := range cuts(words, func(w string, to []uint32) []uint32 {
			if len(w) >= size {
				to = append(to, cutOf(w[:size]))
			}
			return to
		}) {
			b.raw(kindGram, g.text(size), nowhere)
		}
	}
	if hasPieces[name] {
		for _, g := range cuts(words, func(w string, to []uint32) []uint32 {
			w += pieceEnd
			for i := 0; i+pieceLength <= len(w); i++ {
				to = append(to, cutOf(w[i:i+pieceLength]))
			}
			return to
		}) {
			b.raw(kindPiece, g.text(pieceLength), "")
		}
	}
	return packed{string(b.buf), b.ends}
}

// cut is up to three bytes.
type cut uint32

func cutOf(s string) (out uint32) {
	for i := range len(s) {
		out = out<<8 | uint32(s[i])
	}
	return out
}

func (c cut) text(size int) string {
	var b [4]byte
	for i := size - 1; i >= 0; i-- {
		b[i] = byte(c)
		c >>= 8
	}
	return string(b[:size])
}

// cuts returns what of gives of the words, each once.
func cuts(words []string, of func(w string, to []uint32) []uint32) []cut {
	var room [256]uint32
	all := room[:0]
	for _, w := range words {
		all = of(w, all)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	out := make([]cut, len(all))
	for i, c := range all {
		out[i] = cut(c)
	}
	return out
}
