package postings

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// errDamaged is a segment that is not what was written.
var errDamaged = errors.New("postings: the segment is damaged")

// Segment is an immutable set of documents. Safe for concurrent use.
type Segment struct {
	data    []byte // mapped, or in memory until it is persisted
	path    string // "" in memory
	unmap   func() error
	refs    atomic.Int64
	docs    uint64
	stored  part
	docEnds []byte
	fields  map[string]*dictionary
	names   []string // by field number
	more    *roaring.Bitmap
}

// open reads the directory of a segment. The returned segment has one reference.
func open(data []byte) (s *Segment, err error) {
	defer func() {
		if recover() != nil { // a slice out of range is a damaged file
			s, err = nil, errDamaged
		}
	}()
	const tail = 8 + 4 + len(magic)
	if len(data) < len(magic)+tail || string(data[:len(magic)]) != magic || string(data[len(data)-len(magic):]) != magic {
		return nil, errDamaged
	}
	s = &Segment{data: data, fields: map[string]*dictionary{}}
	s.refs.Store(1)
	c := cursor{data[binary.LittleEndian.Uint64(data[len(data)-tail:]) : len(data)-tail]}
	s.docs = c.uvarint()
	s.stored = c.part()
	s.docEnds = c.part().of(data)
	if uint64(len(s.docEnds)) != 8*s.docs {
		return nil, errDamaged
	}
	for range c.uvarint() {
		name := string(c.take(c.uvarint()))
		d := &dictionary{terms: int(c.uvarint())}
		d.text, d.ends, d.entries, d.postings = c.part().of(data), c.part().of(data), c.part().of(data), c.part().of(data)
		if len(d.ends) != 4*d.terms || len(d.entries) != 8*d.terms {
			return nil, errDamaged
		}
		s.fields[name] = d
		s.names = append(s.names, name)
	}
	s.more = roaring.New()
	if b := c.take(c.uvarint()); len(b) > 0 {
		_, err = s.more.FromBuffer(b)
	}
	return s, err
}

// Nested returns the documents that are nested in one before them. Not to be changed.
func (s *Segment) Nested() *roaring.Bitmap { return s.more }

// Verify reads the whole segment and compares it with its checksum.
func (s *Segment) Verify() error {
	n := len(s.data) - 4 - len(magic)
	if crc32.Checksum(s.data[:n], castagnoli) != binary.LittleEndian.Uint32(s.data[n:]) {
		return errDamaged
	}
	return nil
}

// cursor reads the directory.
type cursor struct{ b []byte }

func (c *cursor) uvarint() uint64 {
	v, n := binary.Uvarint(c.b)
	c.b = c.b[n:]
	return v
}

func (c *cursor) take(n uint64) []byte {
	out := c.b[:n]
	c.b = c.b[n:]
	return out
}

func (c *cursor) part() part { return part{c.uvarint(), c.uvarint()} }

func (p part) of(data []byte) []byte { return data[p.off : p.off+p.n : p.off+p.n] }

var empty = &dictionary{}

func (s *Segment) dictionary(field string) *dictionary {
	if d := s.fields[field]; d != nil {
		return d
	}
	return empty
}

// Dictionary returns the terms of a field; none for a field that no document has.
func (s *Segment) Dictionary(field string) (segment.TermDictionary, error) {
	return s.dictionary(field), nil
}

// Fields lists the fields.
func (s *Segment) Fields() []string { return s.names }

// Count returns the number of documents, nested ones included.
func (s *Segment) Count() uint64 { return s.docs }

// VisitStoredFields calls visitor with the stored values of a document until it returns false.
func (s *Segment) VisitStoredFields(num uint64, visitor segment.StoredFieldValueVisitor) error {
	b, err := s.storedOf(num)
	if err != nil {
		return err
	}
	for c := (cursor{b}); len(c.b) > 0; {
		field, value := c.uvarint(), c.take(c.uvarint())
		if !visitor(s.names[field], 't', value, nil) {
			return nil
		}
	}
	return nil
}

func (s *Segment) storedOf(num uint64) ([]byte, error) {
	if num >= s.docs {
		return nil, fmt.Errorf("postings: no document %d of %d", num, s.docs)
	}
	from := uint64(0)
	if num > 0 {
		from = binary.LittleEndian.Uint64(s.docEnds[8*(num-1):])
	}
	to := binary.LittleEndian.Uint64(s.docEnds[8*num:])
	return s.data[s.stored.off+from : s.stored.off+to], nil
}

// DocID returns the id of a document.
func (s *Segment) DocID(num uint64) (id []byte, err error) {
	err = s.VisitStoredFields(num, func(field string, _ byte, value []byte, _ []uint64) bool {
		if field == idField {
			id = value
		}
		return id == nil
	})
	return id, err
}

// First returns the first document with a term in a field that is not of except (nil: any).
func (s *Segment) First(field, term string, except *roaring.Bitmap) (doc uint32, ok bool, err error) {
	return s.dictionary(field).first([]byte(term), except)
}

// DocNumbers returns the documents that have those ids.
func (s *Segment) DocNumbers(ids []string) (*roaring.Bitmap, error) {
	out, d := roaring.New(), s.dictionary(idField)
	for _, id := range ids {
		b, err := d.docs([]byte(id))
		if err != nil {
			return nil, err
		}
		out.Or(b)
	}
	return out, nil
}

// AddNestedDocuments adds to deleted the documents nested in those that are in it. The result may be deleted itself.
func (s *Segment) AddNestedDocuments(deleted *roaring.Bitmap) *roaring.Bitmap {
	if deleted == nil || s.more.IsEmpty() {
		return deleted
	}
	out := deleted.Clone()
	for it := deleted.Iterator(); it.HasNext(); {
		for d := it.Next() + 1; uint64(d) < s.docs && s.more.Contains(d); d++ {
			out.Add(d)
		}
	}
	return out
}

// CountRoot returns the number of documents that are neither nested nor deleted.
func (s *Segment) CountRoot(deleted *roaring.Bitmap) uint64 {
	gone := s.more
	if deleted != nil {
		gone = roaring.Or(deleted, s.more)
	}
	return s.docs - gone.GetCardinality()
}

// Ancestors returns a document and, for a nested one, the document it is nested in.
func (s *Segment) Ancestors(num uint64, prealloc []index.AncestorID) []index.AncestorID {
	out := append(prealloc[:0], index.NewAncestorID(num))
	if s.more.Contains(uint32(num)) {
		for s.more.Contains(uint32(num)) {
			num--
		}
		out = append(out, index.NewAncestorID(num))
	}
	return out
}
