package index

import (
	"cmp"
	"slices"
	"strings"

	"annuaire/internal/names"

	"github.com/RoaringBitmap/roaring/v2"
)

// inOrder matches the documents of a text field in one value of which the words of the query begin words, in order: not
// necessarily adjacent, nor the first.
type inOrder struct {
	field string
	words []string
}

// placed is the documents that have a word at one place of a value.
type placed struct {
	at   position
	docs *roaring.Bitmap
}

func (m inOrder) match(v *view) (*roaring.Bitmap, error) {
	if len(m.words) == 0 {
		return nothing, nil
	}
	if len(m.words) == 1 {
		return m.anywhere(v, m.words[0])
	}
	order, err := m.rarestFirst(v)
	if err != nil {
		return nil, err
	}
	outer := v.in
	defer func() { v.in = outer }()
	cols := make([][]placed, len(m.words))
	for n, i := range order {
		if n > 0 {
			v.in = unionPlaced(cols[order[n-1]])
		}
		if cols[i], err = m.places(v, m.words[i]); err != nil || len(cols[i]) == 0 {
			return nothing, err
		}
	}
	return follow(cols), nil
}

// rarestFirst orders the words by how many terms begin like each: what the rarest leaves is all that is looked for of the others.
func (m inOrder) rarestFirst(v *view) ([]int, error) {
	order, terms := make([]int, len(m.words)), make([]int, len(m.words))
	for i, w := range m.words {
		order[i] = i
		for _, from := range beginnings(m.field, w) {
			n, err := v.countTerms(m.field, from)
			if err != nil {
				return nil, err
			}
			terms[i] += n
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(terms[a], terms[b]) })
	return order, nil
}

// follow returns the documents that have the words at increasing positions of one value; cols holds where each word is.
func follow(cols [][]placed) *roaring.Bitmap {
	reached := cols[0] // where the last word matched so far may be
	for _, col := range cols[1:] {
		var next []placed
		for _, here := range col {
			var before []*roaring.Bitmap
			for _, r := range reached {
				if r.at.value == here.at.value && r.at.pos < here.at.pos {
					before = append(before, r.docs)
				}
			}
			if len(before) == 0 {
				continue
			}
			if both := roaring.And(union(before), here.docs); !both.IsEmpty() {
				next = append(next, placed{here.at, both})
			}
		}
		if reached = next; len(reached) == 0 {
			return nothing
		}
	}
	return unionPlaced(reached)
}

func unionPlaced(p []placed) *roaring.Bitmap {
	sets := make([]*roaring.Bitmap, len(p))
	for i := range p {
		sets[i] = p[i].docs
	}
	return union(sets)
}

// anywhere returns the documents in which a word begins like this.
func (m inOrder) anywhere(v *view, word string) (*roaring.Bitmap, error) {
	var sets []*roaring.Bitmap
	for _, from := range beginnings(m.field, word) {
		more, err := v.sets(m.field, from, after(from))
		if err != nil {
			return nil, err
		}
		sets = append(sets, more...)
	}
	return union(sets), nil
}

// places returns where a word begins like this, one entry per place.
func (m inOrder) places(v *view, word string) ([]placed, error) {
	at := map[position][]*roaring.Bitmap{}
	for _, from := range beginnings(m.field, word) {
		err := v.eachTerm(m.field, from, after(from), func(term string, docs *roaring.Bitmap) {
			p := positionOf(term)
			p.last = false
			at[p] = append(at[p], docs)
		})
		if err != nil {
			return nil, err
		}
	}
	out := make([]placed, 0, len(at))
	for p, sets := range at {
		out = append(out, placed{p, union(sets)})
	}
	return out, nil
}

// beginnings returns the term prefixes under which the words beginning like word are. In a city, "st" also begins Saint.
func beginnings(field, word string) []string {
	out := []string{string(kindWord) + word}
	if len(word) <= gramLength[field] {
		out[0] = string(kindGram) + word + "\x00"
	}
	if full := names.Full(word); full != word && field == fieldCity {
		out = append(out, string(kindWord)+full+"\x00")
	}
	return out
}

// wholeValue matches the documents of a text field that have exactly these words as one value.
type wholeValue struct {
	field string
	words []string
}

func (m wholeValue) match(v *view) (*roaring.Bitmap, error) {
	if len(m.words) == 0 || len(m.words) > maxWords {
		return nothing, nil
	}
	var found map[byte]*roaring.Bitmap // by value
	for i, w := range m.words {
		here := map[byte]*roaring.Bitmap{}
		err := v.scan(m.field, string(kindWord)+w+"\x00", func(term string, docs func() (*roaring.Bitmap, error)) (bool, error) {
			p := positionOf(term)
			if int(p.pos) != i || p.last != (i == len(m.words)-1) || i > 0 && found[p.value] == nil {
				return true, nil
			}
			b, err := docs()
			if err == nil && i > 0 {
				b = roaring.And(b, found[p.value])
			}
			here[p.value] = b
			return true, err
		})
		if err != nil || len(here) == 0 {
			return nothing, err
		}
		found = here
	}
	sets := make([]*roaring.Bitmap, 0, len(found))
	for _, b := range found {
		sets = append(sets, b)
	}
	return union(sets), nil
}

// wholeWord matches the documents of a text field that have this word somewhere.
type wholeWord struct{ field, word string }

func (m wholeWord) match(v *view) (*roaring.Bitmap, error) {
	return prefixRange(m.field, string(kindWord)+m.word+"\x00").match(v)
}

// queryWords splits a typed value into the words a field compares. Those of a city stay as typed for a prefix.
func queryWords(field, value string, whole bool) []string {
	if !whole {
		field = ""
	}
	return strings.Fields(fold(field, value))
}
