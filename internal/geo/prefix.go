package geo

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// maxPrefixed bounds what CitiesWithPrefix returns: one letter names a third of the country.
const maxPrefixed = 500

// prefixes is the index of the words of the keys, which only typing needs.
type prefixes struct {
	words []wordRef // sorted
	order []int32   // place of each commune when the most populous come first
}

// wordRef says that the key of a commune holds a word.
type wordRef struct {
	word    string
	commune int32
}

var prefixTable = sync.OnceValue(func() *prefixes {
	t := tables()
	p := &prefixes{words: make([]wordRef, 0, 3*len(t.communes)), order: make([]int32, len(t.communes))}
	bySize := make([]int32, len(t.communes))
	for i, k := range t.keys {
		bySize[i] = int32(i)
		for w := range strings.SplitSeq(k, " ") {
			p.words = append(p.words, wordRef{w, int32(i)})
			if a := abbreviations[w]; a != "" {
				p.words = append(p.words, wordRef{a, int32(i)})
			}
		}
	}
	slices.SortFunc(p.words, func(a, b wordRef) int {
		return cmp.Or(strings.Compare(a.word, b.word), cmp.Compare(a.commune, b.commune))
	})
	slices.SortStableFunc(bySize, func(a, b int32) int {
		return cmp.Compare(t.communes[b].Population, t.communes[a].Population)
	})
	for place, n := range bySize {
		p.order[n] = int32(place)
	}
	return p
})

// CitiesWithPrefix returns the INSEE codes of the communes of whose names the words of text begin some words, in order:
// "st et" and "etien" both find Saint-Étienne. At most 500, the most populous first; nil when text has no letter or digit.
func CitiesWithPrefix(text string) []string {
	words := typed(text)
	if len(words) == 0 {
		return nil
	}
	t, p := tables(), prefixTable()
	longest := slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	from, _ := slices.BinarySearchFunc(p.words, longest, func(r wordRef, w string) int { return strings.Compare(r.word, w) })
	var hits []int32
	for _, r := range p.words[from:] {
		if !strings.HasPrefix(r.word, longest) {
			break
		}
		if len(words) == 1 || prefixesInOrder(t.keys[r.commune], words) {
			hits = append(hits, r.commune)
		}
	}
	slices.SortFunc(hits, func(a, b int32) int { return cmp.Compare(p.order[a], p.order[b]) })
	hits = slices.Compact(hits)
	hits = hits[:min(len(hits), maxPrefixed)]
	out := make([]string, len(hits))
	for i, n := range hits {
		out[i] = t.communes[n].INSEE
	}
	return out
}

// prefixesInOrder reports whether words begin words of a key, in order.
func prefixesInOrder(k string, words []string) bool {
	next := 0
	for w := range strings.SplitSeq(k, " ") {
		if strings.HasPrefix(w, words[next]) || strings.HasPrefix(abbreviations[w], words[next]) {
			if next++; next == len(words) {
				return true
			}
		}
	}
	return false
}
