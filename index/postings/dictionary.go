package postings

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// dictionary is the terms of a field. The zero dictionary has none.
type dictionary struct {
	terms                         int
	text, ends, entries, postings []byte
}

func (d *dictionary) term(i int) []byte {
	from := uint32(0)
	if i > 0 {
		from = binary.LittleEndian.Uint32(d.ends[4*(i-1):])
	}
	to := binary.LittleEndian.Uint32(d.ends[4*i:])
	return d.text[from:to:to]
}

// seek returns the first term not before key.
func (d *dictionary) seek(key []byte) int {
	return sort.Search(d.terms, func(i int) bool { return bytes.Compare(d.term(i), key) >= 0 })
}

func (d *dictionary) find(key []byte) (i int, ok bool) {
	i = d.seek(key)
	return i, i < d.terms && bytes.Equal(d.term(i), key)
}

// Cardinality returns the number of terms.
func (d *dictionary) Cardinality() int { return d.terms }

// Contains reports whether a document has the term.
func (d *dictionary) Contains(key []byte) (bool, error) {
	_, ok := d.find(key)
	return ok, nil
}

// PostingsList returns the documents of a term but those of except.
func (d *dictionary) PostingsList(term []byte, except *roaring.Bitmap, _ segment.PostingsList) (segment.PostingsList, error) {
	i, ok := d.find(term)
	if !ok {
		return &List{docs: roaring.New()}, nil
	}
	return d.list(i, except)
}

func (d *dictionary) list(i int, except *roaring.Bitmap) (*List, error) {
	e := binary.LittleEndian.Uint64(d.entries[8*i:])
	if e&oneDoc != 0 && (except == nil || !except.Contains(uint32(e))) {
		return &List{one: uint32(e), single: true}, nil
	}
	docs, err := d.docsAt(i)
	if err == nil && except != nil && !except.IsEmpty() {
		docs = roaring.AndNot(docs, except)
	}
	return &List{docs: docs}, err
}

// first returns the first document of a term that is not of except.
func (d *dictionary) first(term []byte, except *roaring.Bitmap) (doc uint32, ok bool, err error) {
	i, ok := d.find(term)
	if !ok {
		return 0, false, nil
	}
	l, err := d.list(i, except)
	switch {
	case err != nil || l.Count() == 0:
		return 0, false, err
	case l.single:
		return l.one, true, nil
	}
	return l.docs.Minimum(), true, nil
}

// docs returns the documents of a term; empty for one that is not there.
func (d *dictionary) docs(term []byte) (*roaring.Bitmap, error) {
	i, ok := d.find(term)
	if !ok {
		return roaring.New(), nil
	}
	return d.docsAt(i)
}

// docsAt returns the documents of the i-th term; they may share memory with the file and are not to be changed.
func (d *dictionary) docsAt(i int) (*roaring.Bitmap, error) {
	docs := roaring.New()
	e := binary.LittleEndian.Uint64(d.entries[8*i:])
	if e&oneDoc != 0 {
		docs.Add(uint32(e))
		return docs, nil
	}
	c := cursor{d.postings[e:]}
	n := c.uvarint()
	if n <= few {
		last := uint32(0)
		for range n {
			last += uint32(c.uvarint())
			docs.Add(last)
		}
		return docs, nil
	}
	if _, err := docs.FromBuffer(c.take(c.uvarint())); err != nil {
		return nil, fmt.Errorf("postings: %w", err)
	}
	return docs, nil
}

// appendDocs appends the documents of the i-th term, ascending, without making a set of them where the file holds none.
func (d *dictionary) appendDocs(to []uint32, i int) ([]uint32, error) {
	e := binary.LittleEndian.Uint64(d.entries[8*i:])
	if e&oneDoc != 0 {
		return append(to, uint32(e)), nil
	}
	c := cursor{d.postings[e:]}
	n := c.uvarint()
	if n <= few {
		last := uint32(0)
		for range n {
			last += uint32(c.uvarint())
			to = append(to, last)
		}
		return to, nil
	}
	docs, err := d.docsAt(i)
	if err != nil {
		return nil, err
	}
	from := len(to)
	to = slices.Grow(to, int(n))[:from+int(n)]
	it := docs.ManyIterator()
	for at := to[from:]; len(at) > 0; {
		got := it.NextMany(at)
		if got == 0 {
			return nil, errDamaged
		}
		at = at[got:]
	}
	return to, nil
}

// count returns how many documents the i-th term has.
func (d *dictionary) count(i int) uint64 {
	e := binary.LittleEndian.Uint64(d.entries[8*i:])
	if e&oneDoc != 0 {
		return 1
	}
	n, _ := binary.Uvarint(d.postings[e:])
	return n
}

// AutomatonIterator walks the terms from start, included, to end, excluded (nil: no bound), that a accepts (nil: all).
func (d *dictionary) AutomatonIterator(a segment.Automaton, start, end []byte) segment.DictionaryIterator {
	it := &termIterator{d: d, a: a, end: end}
	if start != nil {
		it.next = d.seek(start)
	}
	return it
}

// AutomatonIteratorOmitCount is AutomatonIterator for those who do not look at counts, which cost nothing here.
func (d *dictionary) AutomatonIteratorOmitCount(a segment.Automaton, start, end []byte) segment.DictionaryIterator {
	return d.AutomatonIterator(a, start, end)
}

type termIterator struct {
	d    *dictionary
	a    segment.Automaton
	next int
	end  []byte
	e    index.DictEntry
}

// Next returns the next term, valid until the following call; nil at the end.
func (it *termIterator) Next() (*index.DictEntry, error) {
	for ; it.next < it.d.terms; it.next++ {
		t := it.d.term(it.next)
		if it.end != nil && bytes.Compare(t, it.end) >= 0 {
			return nil, nil
		}
		if it.a == nil || accepts(it.a, t) {
			it.e.Term, it.e.Count = string(t), it.d.count(it.next)
			it.next++
			return &it.e, nil
		}
	}
	return nil, nil
}

func accepts(a segment.Automaton, term []byte) bool {
	state := a.Start()
	for _, c := range term {
		if !a.CanMatch(state) {
			return false
		}
		state = a.Accept(state, c)
	}
	return a.IsMatch(state)
}

// CountRange returns how many terms are in [from, to).
func (d *dictionary) CountRange(from, to []byte) int { return max(0, d.seek(to)-d.seek(from)) }
