package freetext

import (
	_ "embed"
	"strings"
	"sync"

	"annuaire"
	"annuaire/internal/names"
)

//go:embed words.tsv
var wordsTable string

//go:embed ignored.tsv
var ignoredTable string

// Criterion is any of some codes of a field.
type Criterion struct {
	Field annuaire.Field
	Codes []string
}

// Word is an everyday word: what one of Readings says, each of which is criteria that must all hold.
type Word struct {
	Text     string // as shown, French
	Others   []string
	Readings [][]Criterion
}

// Words returns the everyday words, in the order of the table.
func Words() []Word { return tables().words }

// lexicon is the tables, by folded phrase.
type lexicon struct {
	words   []Word
	phrases map[string]*Word
	ignored map[string]reason
	longest int // words of the longest phrase
}

type reason struct{ french, english string }

var tables = sync.OnceValue(func() *lexicon {
	l := &lexicon{phrases: map[string]*Word{}, ignored: map[string]reason{}}
	for cells := range rows(wordsTable) {
		said := strings.Split(cells[0], "|")
		w := Word{Text: said[0], Others: said[1:]}
		for alt := range strings.SplitSeq(cells[1], "|") {
			var all []Criterion
			for c := range strings.SplitSeq(alt, "&") {
				field, codes, _ := strings.Cut(c, "=")
				all = append(all, Criterion{annuaire.Field(field), strings.Split(codes, ",")})
			}
			w.Readings = append(w.Readings, all)
		}
		l.words = append(l.words, w)
	}
	for i := range l.words {
		w := &l.words[i]
		for _, said := range append([]string{w.Text}, w.Others...) {
			l.phrases[names.Fold(said)] = w
			l.longest = max(l.longest, len(strings.Fields(names.Fold(said))))
		}
	}
	for cells := range rows(ignoredTable) {
		for said := range strings.SplitSeq(cells[0], "|") {
			l.ignored[names.Fold(said)] = reason{cells[1], cells[2]}
			l.longest = max(l.longest, len(strings.Fields(names.Fold(said))))
		}
	}
	return l
})

// rows yields the cells of each line of a table.
func rows(table string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(table) {
			if line = strings.TrimRight(line, "\n"); line == "" || line[0] == '#' {
				continue
			}
			if !yield(strings.Split(line, "\t")) {
				return
			}
		}
	}
}

// phrase returns the everyday word that folded words are, in the singular or the plural.
func (l *lexicon) phrase(folded string) (*Word, bool) {
	w, ok := l.phrases[folded]
	if !ok {
		w, ok = l.phrases[names.Singular(folded)]
	}
	return w, ok
}

// why returns why a phrase is ignored.
func (l *lexicon) why(folded string) (reason, bool) {
	r, ok := l.ignored[folded]
	if !ok {
		r, ok = l.ignored[names.Singular(folded)]
	}
	return r, ok
}
