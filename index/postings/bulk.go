package postings

import index "github.com/blevesearch/bleve_index_api"

// Bulk fills a segment document by document, keeping only what the segment needs of each. What it returns stands for all of
// them in one scorch batch: a build then holds no documents, and scorch need not look for earlier versions of each.
type Bulk struct{ b *builder }

// NewBulk returns an empty one.
func NewBulk() *Bulk { return &Bulk{newBuilder()} }

// Add takes a document, whose id no other document of the index may have, with those nested in it.
func (b *Bulk) Add(d index.Document) { b.b.add(d) }

// Len returns the number of documents, nested ones included.
func (b *Bulk) Len() int { return len(b.b.docs) }

// Reset empties it for another segment, once the batch is done.
func (b *Bulk) Reset() { b.b.reset() }

// Document returns what to put into a batch, alone. id is that of no document.
func (b *Bulk) Document(id string) index.Document { return &whole{b.b, id} }

// whole is a segment that passes for a document.
type whole struct {
	b  *builder
	id string
}

func (w *whole) ID() string                                 { return w.id }
func (w *whole) Size() int                                  { return 0 }
func (w *whole) VisitFields(index.FieldVisitor)             {}
func (w *whole) VisitComposite(index.CompositeFieldVisitor) {}
func (w *whole) HasComposite() bool                         { return false }
func (w *whole) NumPlainTextBytes() uint64                  { return 0 }
func (w *whole) AddIDField()                                {}
func (w *whole) StoredFieldsBytes() uint64                  { return 0 }
func (w *whole) Indexed() bool                              { return true }
