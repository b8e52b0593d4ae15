package postings

import (
	"encoding/binary"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// EachWithin calls fn with the terms of [from, to) that documents of in have, and those documents, until it returns false. It builds
// no set for the others, which is what makes a common beginning cheap where few documents are left. term is valid during the call.
func (d *dictionary) EachWithin(from, to []byte, in *roaring.Bitmap, fn func(term []byte, docs *roaring.Bitmap) bool) error {
	i, end := d.seek(from), d.seek(to)
	if i >= end || in.IsEmpty() {
		return nil
	}
	m := membersOf(in)
	defer members.Put(m)
	for ; i < end; i++ {
		docs, err := d.within(i, in, *m)
		if err != nil {
			return err
		}
		if docs != nil && !fn(d.term(i), docs) {
			return nil
		}
	}
	return nil
}

// within returns the documents of the i-th term that are in a set, nil for none.
func (d *dictionary) within(i int, in *roaring.Bitmap, m bitset) (*roaring.Bitmap, error) {
	e := binary.LittleEndian.Uint64(d.entries[8*i:])
	if e&oneDoc != 0 {
		if !m.has(uint32(e)) {
			return nil, nil
		}
		return roaring.BitmapOf(uint32(e)), nil
	}
	c := cursor{d.postings[e:]}
	n := c.uvarint()
	if n > few {
		docs, err := d.docsAt(i)
		if err != nil || !docs.Intersects(in) {
			return nil, err
		}
		return roaring.And(docs, in), nil
	}
	var some [few]uint32
	got, last := some[:0], uint32(0)
	for range n {
		if last += uint32(c.uvarint()); m.has(last) {
			got = append(got, last)
		}
	}
	if len(got) == 0 {
		return nil, nil
	}
	return roaring.BitmapOf(got...), nil
}

// bitset tells at once whether a document is in a set.
type bitset []uint64

func (b bitset) has(doc uint32) bool {
	w := int(doc / 64)
	return w < len(b) && b[w]>>(doc%64)&1 == 1
}

var members = sync.Pool{New: func() any { return new(bitset) }}

// membersOf returns the bits of a set, to be given back.
func membersOf(in *roaring.Bitmap) *bitset {
	m := members.Get().(*bitset)
	n := int(in.DenseSize())
	if cap(*m) < n {
		*m = make(bitset, n)
	}
	*m = (*m)[:n]
	clear(*m)
	in.WriteDenseTo(*m)
	return m
}
