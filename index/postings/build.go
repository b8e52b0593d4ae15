package postings

import (
	"bytes"
	"maps"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// Field is a field that knows its terms. Any other bleve field works, through its token frequencies, more slowly.
type Field interface {
	index.Field
	// AppendTerms appends the distinct terms, in any order.
	AppendTerms(to []string) []string
	// Scratch is room for the builder: documents that share a field look its terms up once. nil for a field of one document.
	Scratch() *Scratch
}

// Scratch is what a builder keeps in a field: where, among the numbers of shared fields, those of its terms are.
type Scratch struct {
	by       *builder
	round    int
	from, to int
}

// builder turns documents into a segment in memory.
type builder struct {
	fields []*fieldTerms // by first use: their numbers in stored values
	docs   []document
	stored []byte   // of all documents
	shared []uint32 // numbers of the terms of shared fields
	round  int      // how often it was reset

	at          int      // of the last field looked up
	batch       []string // room for the terms of a field
	numbers     []uint32 // and for their numbers
	next, lists []uint32 // room for put
	sorted      []ranked
}

// document is what is kept of a document besides its terms.
type document struct {
	end    int // of its stored values
	nested bool
}

// fieldTerms is the terms of one field, numbered by first use, and who has them: one token per document and term, put in
// order of terms at the end by counting. A list per term would be a million small slices.
type fieldTerms struct {
	name   string
	n      int
	terms  termTable
	tokens tokens
}

func newBuilder() *builder { return &builder{} }

// add takes a document and those nested in it, which follow it.
func (b *builder) add(d index.Document) { b.addDocument(d, false) }

func (b *builder) addDocument(d index.Document, nested bool) {
	n := uint32(len(b.docs))
	d.VisitFields(func(f index.Field) {
		ft := b.field(f.Name())
		if f.Options().IsIndexed() {
			b.terms(ft, f, n)
		}
		if f.Options().IsStored() {
			b.stored = appendStored(doubled(b.stored, len(f.Value())+16), ft.n, f.Value())
		}
	})
	b.docs = append(b.docs, document{len(b.stored), nested})
	if nd, ok := d.(index.NestedDocument); ok {
		nd.VisitNestedDocuments(func(d index.Document) { b.addDocument(d, true) })
	}
}

func (b *builder) field(name string) *fieldTerms {
	for range b.fields { // about a dozen, nearly always in the order of the document before
		if b.at++; b.at >= len(b.fields) {
			b.at = 0
		}
		if ft := b.fields[b.at]; ft.name == name {
			return ft
		}
	}
	ft := &fieldTerms{name: name, n: len(b.fields)}
	b.fields = append(b.fields, ft)
	return ft
}

func (b *builder) terms(ft *fieldTerms, f index.Field, doc uint32) {
	own, ok := f.(Field)
	if !ok {
		f.Analyze()
		b.batch = slices.AppendSeq(b.batch[:0], maps.Keys(f.AnalyzedTokenFrequencies()))
		b.number(ft, doc)
		return
	}
	s := own.Scratch()
	if s == nil {
		b.batch = own.AppendTerms(b.batch[:0])
		b.number(ft, doc)
		return
	}
	if s.by != b || s.round != b.round {
		s.by, s.round, s.from = b, b.round, len(b.shared)
		b.batch = own.AppendTerms(b.batch[:0])
		b.shared = ft.terms.numbers(b.batch, b.shared)
		s.to = len(b.shared)
	}
	for _, n := range b.shared[s.from:s.to] {
		ft.tokens.add(n, doc)
	}
}

// number gives a document the terms of the batch.
func (b *builder) number(ft *fieldTerms, doc uint32) {
	b.numbers = ft.terms.numbers(b.batch, b.numbers[:0])
	for _, n := range b.numbers {
		ft.tokens.add(n, doc)
	}
}

// put writes the terms of a field in their order, each with its documents, which are brought together by counting.
func (b *builder) put(w *writer, ft *fieldTerms) {
	b.next = slices.Grow(b.next[:0], ft.terms.len()+1)[:ft.terms.len()+1]
	clear(b.next)
	ft.tokens.each(func(block []token) {
		for _, t := range block {
			b.next[t.term+1]++
		}
	})
	for i := range ft.terms.len() {
		b.next[i+1] += b.next[i]
	}
	b.lists = slices.Grow(b.lists[:0], ft.tokens.len())[:ft.tokens.len()]
	ft.tokens.each(func(block []token) {
		for _, t := range block {
			b.lists[b.next[t.term]] = t.doc
			b.next[t.term]++
		}
	})
	b.sorted = ft.terms.sorted(b.sorted[:0])
	for _, r := range b.sorted { // next of a term is now where its list ends, and where that of the following one begins
		from := uint32(0)
		if r.number > 0 {
			from = b.next[r.number-1]
		}
		w.term(ft.terms.term(r.number), slices.Compact(b.lists[from:b.next[r.number]]))
	}
	w.endField(ft.name)
}

// reset empties the builder and keeps its room for the next segment.
func (b *builder) reset() {
	for _, ft := range b.fields {
		ft.terms.reset()
		ft.tokens.reset()
	}
	b.docs, b.stored, b.shared = b.docs[:0], b.stored[:0], b.shared[:0]
	b.round++
}

// size is about how long the segment will be, rather more: a document of a list takes one or two bytes.
func (b *builder) size() int {
	n := len(b.stored) + 8*len(b.docs)
	for _, ft := range b.fields {
		n += len(ft.terms.text) + 12*ft.terms.len() + 2*(ft.tokens.len()-ft.terms.len())
	}
	return n
}

// bytes returns the segment.
func (b *builder) bytes() ([]byte, error) {
	var out bytes.Buffer
	out.Grow(b.size())
	_, err := b.layOut(newWriter(&out))
	return out.Bytes(), err
}

// layOut writes the segment and returns its length.
func (b *builder) layOut(w *writer) (uint64, error) {
	for _, ft := range b.fields { // in the order of their numbers; readers look fields up by name
		b.put(w, ft)
	}
	from := 0
	for _, d := range b.docs {
		w.document(b.stored[from:d.end], d.nested)
		from = d.end
	}
	return w.finish()
}
