package filter

import (
	"bytes"
	"slices"

	"annuaire/internal/card"
	"annuaire/ldapd/match"
	"annuaire/ldapd/schema"
)

// word is a word of a name that may stand anywhere in it.
type word struct {
	text   []byte
	begins bool // a word of the name: it stood at the beginning
	whole  bool
}

// in reports whether the word stands in a folded name.
func (w word) in(name []byte) bool {
	for at := 0; ; at++ {
		i := bytes.Index(name[at:], w.text)
		if i < 0 {
			return false
		}
		at += i
		end := at + len(w.text)
		if (!w.begins && !w.whole || at == 0 || name[at-1] == ' ') && (!w.whole || end == len(name) || name[end] == ' ') {
			return true
		}
	}
}

// names reports whether all words stand in one name of the entry.
func (x *eval) names(words []word) bool {
	if x.card.Empty() {
		return slices.ContainsFunc(x.entry.Computed(typeCN), func(v []byte) bool { return x.named(words, v) })
	}
	values := x.card.Look(card.CN)
	for v, ok := values.Next(); ok; v, ok = values.Next() {
		if x.named(words, v) {
			return true
		}
	}
	return false
}

var typeCN = schema.Of(card.CN)

func (x *eval) named(words []word, name []byte) bool {
	x.buf = match.Fold(x.buf[:0], name)
	for _, w := range words {
		if !w.in(x.buf) {
			return false
		}
	}
	return true
}
