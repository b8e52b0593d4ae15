package postings

import (
	"encoding/binary"

	"github.com/RoaringBitmap/roaring/v2"
)

// EachWithin calls fn with the terms of [from, to) that documents of in have, and those documents, until it returns false. It builds
// no set for the others, which is what makes a common beginning cheap where few documents are left. term is valid during the call.
func (d *dictionary) EachWithin(from, to []byte, in *roaring.Bitmap, fn func(term []byte, docs *roaring.Bitmap) bool) error {
	i, end := d.seek(from), d.seek(to)
	if i >= end || in.IsEmpty() {
		return nil
	}
	m := BitsOf(in)
	defer m.Free()
	for ; i < end; i++ {
		docs, err := d.within(i, in, m)
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
func (d *dictionary) within(i int, in *roaring.Bitmap, m *Bits) (*roaring.Bitmap, error) {
	e := binary.LittleEndian.Uint64(d.entries[8*i:])
	if e&oneDoc != 0 {
		if !m.Has(uint32(e)) {
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
		if last += uint32(c.uvarint()); m.Has(last) {
			got = append(got, last)
		}
	}
	if len(got) == 0 {
		return nil, nil
	}
	return roaring.BitmapOf(got...), nil
}
