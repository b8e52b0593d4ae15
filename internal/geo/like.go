package geo

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"annuaire/internal/names"
)

// Alike is communes whose name is not what was typed, but may be what was meant.
type Alike struct {
	Edits int      // typing errors; 0: the name sounds alike
	Codes []string // INSEE, the most populous first, with the arrondissements of a city; at most 50 communes
}

// maxAlike bounds the communes of an Alike: short names have many neighbours.
const maxAlike = 50

// likeTable is what only Like needs.
type likeTable struct {
	keys   []string
	words  names.Lexicon // of keys, glued
	of     []int32       // the key of each word
	sounds map[string][]int32
}

var likes = sync.OnceValue(func() *likeTable {
	t := tables()
	l := &likeTable{sounds: map[string][]int32{}}
	for k := range t.byName {
		l.keys = append(l.keys, k)
	}
	slices.Sort(l.keys)
	for i, k := range l.keys {
		w := strings.ReplaceAll(k, " ", "")
		if at := l.words.Add(w); at >= 0 {
			l.of = append(l.of, int32(i))
		}
		s := names.Sound(w)
		l.sounds[s] = append(l.sounds[s], int32(i))
	}
	return l
})

// Like returns the communes that a name may mean that none bears, the nearest first: those that sound alike, then those one typing
// error away (4 letters or more), then two (8 or more). A swap of neighbours is one error, spaces count for nothing.
func Like(text string) []Alike {
	w := strings.ReplaceAll(key(text), " ", "")
	if len(w) < 4 || len(w) > names.MaxWithin {
		return nil
	}
	l, t := likes(), tables()
	edits := 1
	if len(w) >= 8 {
		edits = 2
	}
	at := make([][]int32, edits+1)
	at[0] = l.sounds[names.Sound(w)]
	l.words.Near(w, edits, func(i, d int) { at[d] = append(at[d], l.of[i]) })
	var out []Alike
	for d, keys := range at {
		if codes := t.populous(l.keys, keys); len(codes) > 0 {
			out = append(out, Alike{d, codes})
		}
	}
	return out
}

// populous returns the codes of the communes with these keys.
func (t *table) populous(all []string, keys []int32) []string {
	var at []int32
	for _, k := range keys {
		at = append(at, t.byName[all[k]]...)
	}
	slices.SortFunc(at, func(a, b int32) int {
		return cmp.Or(cmp.Compare(t.communes[b].Population, t.communes[a].Population), cmp.Compare(a, b))
	})
	var out []string
	for _, i := range at[:min(maxAlike, len(at))] {
		out = t.appendWhole(out, i)
	}
	return out
}
