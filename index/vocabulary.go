package index

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"annuaire/internal/names"

	"github.com/RoaringBitmap/roaring/v2"
)

// vocabularies are the words of the text fields of an index, to know which of them a mistyped word may be. They are read in the
// background, ahead (ReadAhead) or when a question needs them, and from then on from the segments that came since.
type vocabularies struct {
	now     atomic.Pointer[vocabulary]
	mu      sync.Mutex
	filling chan struct{} // closed when the fill under way has ended; nil when there is none
	err     error         // of the last fill
}

// vocabulary is the words of some segments. It never changes.
type vocabulary struct {
	segments []uint64 // ids, in the order of the bits of entry.in
	fields   map[string]*lexicon
}

// lexicon is the words of a field. Without pointers: the collector would follow a million.
type lexicon struct {
	words   names.Lexicon
	entries []entry // of each word
}

// entry is where a word is. One that has left all segments stays, in none.
type entry struct {
	in    uint64 // the segments that have it; all bits when they are too many to tell
	keyed bool   // it is also a key (kindKey), or only one
}

// mistypable are the fields whose words may be mistyped.
var mistypable = []string{fieldFamily, fieldGiven, fieldStructure, fieldStreet}

// ensure waits until the words of these segments are known, or those of the segments that they were merged into meanwhile; ok is false
// when that takes longer than the question has. A fill under way may have begun before the newest segment was there: then one more.
func (vs *vocabularies) ensure(ctx context.Context, e *engine, views []*view, wait time.Duration) (ok bool, err error) {
	late := time.NewTimer(wait)
	defer late.Stop()
	for fills := 0; fills < 2 && !vs.now.Load().knows(views); fills++ {
		done, err := vs.fill(e)
		if err != nil {
			return false, err
		}
		select {
		case <-done:
			vs.mu.Lock()
			err := vs.err
			vs.mu.Unlock()
			if err != nil {
				return false, err
			}
		case <-ctx.Done():
			return false, ctx.Err()
		case <-late.C:
			return false, nil
		}
	}
	return true, nil
}

// fill reads what is new, unless somebody does so already; done is closed when it has ended. It works for the index, not for who asked.
func (vs *vocabularies) fill(e *engine) (done <-chan struct{}, err error) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	if vs.filling != nil {
		return vs.filling, nil
	}
	ended := make(chan struct{})
	if !e.segments.background(func(ctx context.Context) {
		err := vs.read(ctx, e)
		vs.mu.Lock()
		vs.filling, vs.err = nil, err
		vs.mu.Unlock()
		close(ended)
	}) {
		return nil, errClosed()
	}
	vs.filling = ended
	return ended, nil
}

// read makes the vocabulary of the current segments from the one before.
func (vs *vocabularies) read(ctx context.Context, e *engine) error {
	in, err := e.read("")
	if err != nil {
		return err
	}
	defer in.release()
	views := in.views
	old := vs.now.Load()
	if old == nil {
		old = &vocabulary{fields: map[string]*lexicon{}}
	}
	next := &vocabulary{fields: map[string]*lexicon{}}
	for _, v := range views {
		next.segments = append(next.segments, v.id)
	}
	for _, f := range mistypable {
		if next.fields[f], err = old.fields[f].with(ctx, f, old, next, views); err != nil {
			return err
		}
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

// with returns the lexicon of the segments of next, made from that of old.
func (l *lexicon) with(ctx context.Context, field string, old, next *vocabulary, views []*view) (*lexicon, error) {
	out := &lexicon{}
	if l != nil {
		out.words = l.words // one writer at a time; readers of l look at no place beyond theirs
		out.entries = make([]entry, len(l.entries), len(l.entries)+1024)
		moved := make([]uint64, len(old.segments)) // the bit of each old segment now
		for i, id := range old.segments {
			if len(old.segments) <= 64 && slices.Contains(next.segments, id) {
				moved[i] = next.mask(id)
			}
		}
		for i, e := range l.entries {
			var in uint64
			for bit := range moved {
				if e.in>>bit&1 == 1 {
					in |= moved[bit]
				}
			}
			if len(next.segments) > 64 || len(old.segments) > 64 {
				in = ^uint64(0)
			}
			e.in, out.entries[i] = in, e
		}
	}
	places := map[string]int32{} // of what is there, for as long as it takes
	for at := range out.entries {
		places[out.words.Word(at)] = int32(at)
	}
	for _, v := range views {
		if slices.Contains(old.segments, v.id) && l != nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		in := next.mask(v.id)
		for _, kind := range []byte{kindWord, kindKey} {
			if err := v.eachWord(field, kind, func(w string) { out.add(places, w, in, kind == kindKey) }); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (l *lexicon) add(places map[string]int32, w string, in uint64, keyed bool) {
	at, ok := places[w]
	if !ok {
		at = int32(l.words.Add(w))
		places[l.words.Word(int(at))] = at
		l.entries = append(l.entries, entry{})
	}
	e := &l.entries[at]
	e.in |= in
	e.keyed = e.keyed || keyed
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
