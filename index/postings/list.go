package postings

import (
	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// List is the documents of a term.
type List struct {
	docs   *roaring.Bitmap // nil for a single one
	one    uint32
	single bool
}

// Bitmap returns the documents as a set, not to be changed: it may share memory with the file.
func (l *List) Bitmap() *roaring.Bitmap {
	if l.single {
		return roaring.BitmapOf(l.one)
	}
	return l.docs
}

// Count returns how many there are.
func (l *List) Count() uint64 {
	if l.single {
		return 1
	}
	return l.docs.GetCardinality()
}

// Iterator walks the documents. There are no frequencies, norms or locations.
func (l *List) Iterator(_, _, _ bool, _ segment.PostingsIterator) segment.PostingsIterator {
	b := l.Bitmap()
	return &iterator{list: l, docs: b, it: b.Iterator()}
}

// Size returns the memory it takes, in bytes, about.
func (l *List) Size() int { return 64 }

// BytesRead is for bleve's statistics, which we do not keep.
func (l *List) BytesRead() uint64 { return 0 }

// ResetBytesRead is for bleve's statistics.
func (l *List) ResetBytesRead(uint64) {}

// BytesWritten is for bleve's statistics.
func (l *List) BytesWritten() uint64 { return 0 }

type iterator struct {
	list *List
	docs *roaring.Bitmap
	it   roaring.IntPeekable
}

func (i *iterator) Next() (segment.Posting, error) {
	if !i.it.HasNext() {
		return nil, nil
	}
	return posting(i.it.Next()), nil
}

func (i *iterator) Advance(doc uint64) (segment.Posting, error) {
	i.it.AdvanceIfNeeded(uint32(doc))
	return i.Next()
}

// ActualBitmap returns the documents, nil for a single one.
func (i *iterator) ActualBitmap() *roaring.Bitmap {
	if i.list.single {
		return nil
	}
	return i.docs
}

// DocNum1Hit returns the document of a list of one.
func (i *iterator) DocNum1Hit() (uint64, bool) { return uint64(i.list.one), i.list.single }

// ReplaceActual walks other documents instead.
func (i *iterator) ReplaceActual(b *roaring.Bitmap) {
	i.list, i.docs, i.it = &List{docs: b}, b, b.Iterator()
}

func (i *iterator) Size() int             { return 64 }
func (i *iterator) BytesRead() uint64     { return 0 }
func (i *iterator) ResetBytesRead(uint64) {}
func (i *iterator) BytesWritten() uint64  { return 0 }

// posting is a document number.
type posting uint32

func (p posting) Number() uint64                { return uint64(p) }
func (p posting) Frequency() uint64             { return 1 }
func (p posting) Norm() float64                 { return 1 }
func (p posting) Locations() []segment.Location { return nil }
func (p posting) Size() int                     { return 4 }
