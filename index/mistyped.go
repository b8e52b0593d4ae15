package index

import (
	"sync"

	"annuaire/internal/names"

	"github.com/RoaringBitmap/roaring/v2"
)

// editsFor is how many typing errors a word of n letters may have.
func editsFor(n int) int {
	switch {
	case n < 4 || n > names.MaxWithin:
		return 0
	case n < 8:
		return 1
	}
	return 2
}

// mistyped is the levels of a word with typing errors; a swap of neighbours is one, and the first letter may be wrong.
func (c *compiler) mistyped(word string, fields []string) []level {
	edits := editsFor(len(word))
	if edits == 0 {
		return nil
	}
	g := &guess{word: word, edits: edits, fields: fields, words: c.words}
	out := []level{{cost: costTypo, how: howTypo, late: true, m: mistyped{g, 1}}}
	if edits > 1 {
		out = append(out, level{cost: costTypos, how: howTypo, late: true, m: mistyped{g, 2}})
	}
	return out
}

// guess is what a mistyped word may be: looked up once for all segments.
type guess struct {
	word   string
	edits  int
	fields []string
	words  *vocabularies

	once  sync.Once
	voc   *vocabulary
	found map[string][][]suspect // by field, by distance
}

// suspect is a word that may be meant.
type suspect struct {
	word string
	entry
}

func (g *guess) look() {
	g.voc = g.words.now.Load()
	g.found = map[string][][]suspect{}
	for _, f := range g.fields {
		at := make([][]suspect, g.edits+1)
		if lex := g.voc.fields[f]; lex != nil {
			lex.words.Near(g.word, g.edits, func(i, d int) { at[d] = append(at[d], suspect{lex.words.Word(i), lex.entries[i]}) })
		}
		g.found[f] = at
	}
}

// mistyped matches the documents of the words at one distance.
type mistyped struct {
	*guess
	distance int
}

func (m mistyped) match(v *view) (*roaring.Bitmap, error) {
	m.once.Do(m.look)
	mask := m.voc.mask(v.id)
	var sets []*roaring.Bitmap
	for _, f := range m.fields {
		for _, e := range m.found[f][m.distance] {
			if e.in&mask == 0 {
				continue
			}
			b, err := wholeWord{f, e.word}.match(v)
			if err != nil {
				return nil, err
			}
			sets = append(sets, b)
			if e.keyed {
				if b, err = v.postings(f, string(rune(kindKey))+e.word); err != nil {
					return nil, err
				}
				sets = append(sets, b)
			}
		}
	}
	return union(sets), nil
}
