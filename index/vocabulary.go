package index

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"annuaire/internal/names"

	"github.com/RoaringBitmap/roaring/v2"
)

// vocabularies are the words of the text fields of an index, to know which of them a mistyped word may be. They are read from the
// segments when a question first needs them, and again for the segments that came since.
type vocabularies struct {
	now  atomic.Pointer[vocabulary]
	fill sync.Mutex
}

func newVocabularies() *vocabularies { return &vocabularies{} }

// vocabulary is the words of some segments. It never changes.
type vocabulary struct {
	segments []uint64 // ids, in the order of the bits of entry.in
	fields   map[string]*lexicon
}

// lexicon is the words of a field.
type lexicon struct {
	entries []entry
	words   names.Lexicon // of entries, by place
}

// entry is a word.
type entry struct {
	word  string
	in    uint64 // the segments that have it; all bits when they are too many to tell
	keyed bool   // it is also a key (kindKey), or only one
}

// mistypable are the fields whose words may be mistyped.
var mistypable = []string{fieldFamily, fieldGiven, fieldStructure, fieldStreet}

// ensure reads the words of the segments that are not known yet.
func (vs *vocabularies) ensure(ctx context.Context, views []*view) error {
	if vs.now.Load().knows(views) {
		return nil
	}
	vs.fill.Lock()
	defer vs.fill.Unlock()
	old := vs.now.Load()
	if old.knows(views) {
		return nil
	}
	next := &vocabulary{fields: map[string]*lexicon{}}
	for _, v := range views {
		next.segments = append(next.segments, v.id)
	}
	for _, f := range mistypable {
		lex, err := readLexicon(ctx, f, views)
		if err != nil {
			return err
		}
		next.fields[f] = lex
	}
	vs.now.Store(next)
	return nil
}

// knows reports whether the words of all these segments are there.
func (v *vocabulary) knows(views []*view) bool {
	return v != nil && !slices.ContainsFunc(views, func(w *view) bool { return !slices.Contains(v.segments, w.id) })
}

// mask returns the bit of a segment in entry.in; all bits when it has none.
func (v *vocabulary) mask(id uint64) uint64 {
	if i := slices.Index(v.segments, id); i >= 0 && len(v.segments) <= 64 {
		return 1 << i
	}
	return ^uint64(0)
}

func readLexicon(ctx context.Context, field string, views []*view) (*lexicon, error) {
	found := map[string]*entry{}
	for i, v := range views {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		in := ^uint64(0)
		if len(views) <= 64 {
			in = 1 << i
		}
		for _, kind := range []byte{kindWord, kindKey} {
			if err := v.eachWord(field, kind, func(w string) {
				e := found[w]
				if e == nil {
					e = &entry{word: strings.Clone(w)}
					found[e.word] = e
				}
				e.in |= in
				e.keyed = e.keyed || kind == kindKey
			}); err != nil {
				return nil, err
			}
		}
	}
	lex := &lexicon{entries: make([]entry, 0, len(found))}
	for _, e := range found {
		lex.words.Add(e.word, len(lex.entries))
		lex.entries = append(lex.entries, *e)
	}
	return lex, nil
}

// eachWord calls fn with the words of a field, or its keys; several times with some.
func (v *view) eachWord(field string, kind byte, fn func(string)) error {
	last := ""
	return v.scan(field, string(rune(kind)), func(term string, _ func() (*roaring.Bitmap, error)) (bool, error) {
		w := term[1:]
		if kind == kindWord {
			w = w[:len(w)-3]
		}
		if w != last && len(w) >= minTyped && len(w) <= names.MaxWithin {
			fn(w)
		}
		last = w
		return true, nil
	})
}

// minTyped is the shortest word that a mistyped one can be.
const minTyped = 3
