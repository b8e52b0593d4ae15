package index

import (
	"encoding/binary"
	"slices"
	"strings"

	"annuaire/internal/names"
)

// nowhere ends a word, or the beginning of one, whose place in its value is not kept.
const nowhere = "\x00\x00\x00"

// loose returns the words of values without their places, how they begin, and their pieces: who asks checks what is found.
func (b *termBuilder) loose(name string, values []string) packed {
	var room [32]string
	words := room[:0]
	for _, v := range values {
		for w := range strings.FieldsSeq(names.Fold(v)) {
			if !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	if len(words) == 0 {
		return pack(absent)
	}
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
		for _, w := range words {
			if len(w) >= size {
				b.cuts = append(b.cuts, cutOf(w[:size]))
			}
		}
		b.cut(kindGram, size, nowhere)
	}
	if hasPieces[name] {
		for _, w := range words {
			for i := range len(w) {
				b.cuts = append(b.cuts, pieceAt(w, i))
			}
		}
		b.cut(kindPiece, pieceLength, "")
	}
	return b.packed()
}

// cut writes what was put in cuts as terms of size bytes, each once, in their order.
func (b *termBuilder) cut(kind byte, size int, end string) {
	slices.Sort(b.cuts)
	for _, c := range slices.Compact(b.cuts) {
		var text [4]byte
		binary.BigEndian.PutUint32(text[:], c)
		b.raw(kind, string(text[len(text)-size:]), end)
	}
	b.cuts = b.cuts[:0]
}

// cutOf is up to three bytes as a number.
func cutOf(s string) (out uint32) {
	for i := range len(s) {
		out = out<<8 | uint32(s[i])
	}
	return out
}

// pieceAt is the piece of a word that begins at a byte.
func pieceAt(word string, i int) uint32 {
	if i+pieceLength > len(word) {
		return cutOf((word[i:] + pieceEnd)[:pieceLength])
	}
	return cutOf(word[i : i+pieceLength])
}
