package postings

import (
	"errors"
	"os"

	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Bulk fills a segment document by document, keeping only what the segment needs of each. The file it writes can be merged with others, and
// then stands in one scorch batch for all of its documents: a build holds none, and scorch need not look for earlier versions of each.
type Bulk struct{ b *builder }

// NewBulk returns an empty one.
func NewBulk() *Bulk { return &Bulk{newBuilder()} }

// Add takes a document, whose id no other document of the index may have, with those nested in it.
func (b *Bulk) Add(d index.Document) { b.b.add(d) }

// Len returns the number of documents, nested ones included.
func (b *Bulk) Len() int { return len(b.b.docs) }

// Write writes the segment to a new file, not yet durably, and empties the bulk for another one.
func (b *Bulk) Write(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = b.b.layOut(newWriter(f))
	b.b.reset()
	return errors.Join(err, f.Close())
}

// MergeFiles writes to path, durably, the documents of the segments of files, one after the other, and removes the files.
func MergeFiles(path string, files []string) (err error) {
	var segs []segment.Segment
	defer func() {
		for _, s := range segs {
			err = errors.Join(err, s.Close())
		}
	}()
	for _, f := range files {
		s, err := openFile(f)
		if err != nil {
			return err
		}
		segs = append(segs, s)
	}
	if _, _, err = merge(segs, nil, path, nil); err != nil {
		return err
	}
	for _, f := range files {
		err = errors.Join(err, os.Remove(f))
	}
	return err
}

// File returns what to put into a batch, alone, for all documents of the segment at path, which is where scorch then takes it from. id is that
// of no document.
func File(path, id string) index.Document { return &whole{path, id} }

// whole is a segment that passes for a document.
type whole struct{ path, id string }

func (w *whole) ID() string                                 { return w.id }
func (w *whole) Size() int                                  { return 0 }
func (w *whole) VisitFields(index.FieldVisitor)             {}
func (w *whole) VisitComposite(index.CompositeFieldVisitor) {}
func (w *whole) HasComposite() bool                         { return false }
func (w *whole) NumPlainTextBytes() uint64                  { return 0 }
func (w *whole) AddIDField()                                {}
func (w *whole) StoredFieldsBytes() uint64                  { return 0 }
func (w *whole) Indexed() bool                              { return true }
