package index

import (
	"fmt"
	"math"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"annuaire/index/postings"
)

// view is a segment as one search sees it. Bitmaps from postings point into the mapped file: they live as long as the
// snapshot, and are never changed. Deleted documents stay in every set until the last step (live).
type view struct {
	*segmentState
	seg     segment.Segment
	deleted *roaring.Bitmap
	dicts   map[string]segment.TermDictionary
	id      uint64          // of the segment
	memo    []memo          // of criteria, see plan
	late    bool            // typing errors count
	limit   int             // what a match may cost, see caps
	heads   *roaring.Bitmap // the universe of the search: people, structures or mailboxes
	in      *roaring.Bitmap // the documents that are looked for, see narrow; nil: all
}

// unlimited is above every cost.
const unlimited = math.MaxInt

func newView(s *scorch.SegmentSnapshot, state *segmentState) *view {
	return &view{segmentState: state, id: s.Id(), limit: unlimited, seg: s.Segment(), deleted: s.Deleted(), dicts: map[string]segment.TermDictionary{}, heads: state.groups.heads}
}

// live drops deleted documents; the result may be shared.
func (v *view) live(b *roaring.Bitmap) *roaring.Bitmap {
	if v.deleted == nil || v.deleted.IsEmpty() || b.IsEmpty() {
		return b
	}
	return roaring.AndNot(b, v.deleted)
}

func (v *view) dict(field string) (segment.TermDictionary, error) {
	d, ok := v.dicts[field]
	if !ok {
		var err error
		if d, err = v.seg.Dictionary(field); err != nil {
			return nil, fmt.Errorf("dictionary of %s: %w", field, err)
		}
		v.dicts[field] = d
	}
	return d, nil
}

// postings returns the documents of one term; empty, never nil, for a term that is not there.
func (v *view) postings(field, term string) (*roaring.Bitmap, error) {
	d, err := v.dict(field)
	if err != nil {
		return nil, err
	}
	return docsOf(d, field, term)
}

func docsOf(d segment.TermDictionary, field, term string) (*roaring.Bitmap, error) {
	pl, err := d.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("postings of %s: %w", field, err)
	}
	return bitmapOf(pl), nil
}

var nothing = roaring.New()

// bitmapOf returns the documents of a list, not to be changed. Every segment here is one of index/postings.
func bitmapOf(pl segment.PostingsList) *roaring.Bitmap { return pl.(*postings.List).Bitmap() }

// rangeIterator is the iterator of a dictionary that does not read every postings list to count it.
type rangeIterator interface {
	AutomatonIteratorOmitCount(a segment.Automaton, start, end []byte) segment.DictionaryIterator
}

// scan calls fn with every term of field that begins with prefix, in order. fn returns false to stop.
func (v *view) scan(field, prefix string, fn func(term string, docs func() (*roaring.Bitmap, error)) (bool, error)) error {
	return v.scanRange(field, prefix, after(prefix), fn)
}

// after returns the first string after all those that begin with prefix; prefix holds a kind, which is never 0xff.
func after(prefix string) string {
	b := []byte(prefix)
	for b[len(b)-1] == 0xff {
		b = b[:len(b)-1]
	}
	b[len(b)-1]++
	return string(b)
}

func (v *view) scanRange(field, from, to string, fn func(term string, docs func() (*roaring.Bitmap, error)) (bool, error)) error {
	d, err := v.dict(field)
	if err != nil {
		return err
	}
	var it segment.DictionaryIterator
	if r, ok := d.(rangeIterator); ok {
		it = r.AutomatonIteratorOmitCount(nil, []byte(from), []byte(to))
	} else {
		it = d.AutomatonIterator(nil, []byte(from), []byte(to))
	}
	for {
		e, err := it.Next()
		if err != nil {
			return fmt.Errorf("scan %s: %w", field, err)
		}
		if e == nil {
			return nil
		}
		term := e.Term
		more, err := fn(term, func() (*roaring.Bitmap, error) { return docsOf(d, field, term) })
		if err != nil || !more {
			return err
		}
	}
}

// cardOf reads the stored card of a document, valid as long as the snapshot.
func cardOf(seg segment.Segment, doc uint32) (card []byte, err error) {
	err = seg.VisitStoredFields(uint64(doc), func(name string, _ byte, value []byte, _ []uint64) bool {
		if name == fieldCard {
			card = value
		}
		return card == nil
	})
	return card, err
}

// narrow is a dictionary of ours.
type narrow interface {
	CountRange(from, to []byte) int
	EachWithin(from, to []byte, in *roaring.Bitmap, fn func(term []byte, docs *roaring.Bitmap) bool) error
}

// sets returns the documents of each term of [from, to), of those in v.in only, where that is set.
func (v *view) sets(field, from, to string) (out []*roaring.Bitmap, err error) {
	err = v.eachTerm(field, from, to, func(_ string, docs *roaring.Bitmap) { out = append(out, docs) })
	return out, err
}

// eachTerm calls fn with the terms of [from, to) and their documents: of those in v.in only, where that is set. Terms that none of these has
// are passed over.
func (v *view) eachTerm(field, from, to string, fn func(term string, docs *roaring.Bitmap)) error {
	if v.in == nil {
		return v.scanRange(field, from, to, func(term string, docs func() (*roaring.Bitmap, error)) (bool, error) {
			b, err := docs()
			if err == nil {
				fn(term, b)
			}
			return true, err
		})
	}
	d, err := v.dict(field)
	if err != nil {
		return err
	}
	return d.(narrow).EachWithin([]byte(from), []byte(to), v.in, func(term []byte, docs *roaring.Bitmap) bool {
		fn(string(term), docs)
		return true
	})
}

// countTerms returns how many terms of a field begin like this.
func (v *view) countTerms(field, prefix string) (int, error) {
	d, err := v.dict(field)
	if err != nil {
		return 0, err
	}
	return d.(narrow).CountRange([]byte(prefix), []byte(after(prefix))), nil
}
