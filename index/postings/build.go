package postings

import (
	"bytes"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
)

// Field is a field that knows its terms. Any other bleve field works, through its token frequencies, more slowly.
type Field interface {
	index.Field
	// EachTerm yields the distinct terms, in any order.
	EachTerm(yield func(term string) bool)
	// Scratch is room for the builder: documents that share a field look its terms up once.
	Scratch() *Scratch
}

// Scratch is what a builder keeps in a field.
type Scratch struct {
	by    *builder
	round int
	ids   []uint32
}

// builder turns documents into a segment in memory.
type builder struct {
	fields map[string]*fieldTerms
	order  []*fieldTerms // by first use: their numbers in stored values
	docs   []document
	round  int // how often it was reset

	ends, next, lists []uint32 // room for put
}

// document is what is kept of a document besides its terms.
type document struct {
	stored []byte
	nested bool
}

// fieldTerms is the terms of one field, numbered by first use, and who has them: one token per document and term, put in
// order of terms at the end by counting. A list per term would be a million small slices.
type fieldTerms struct {
	name   string
	n      int
	ids    map[string]uint32
	terms  []string
	tokens []token
}

type token struct{ term, doc uint32 }

func newBuilder() *builder { return &builder{fields: map[string]*fieldTerms{}} }

// add takes a document and those nested in it, which follow it.
func (b *builder) add(d index.Document) { b.addDocument(d, false) }

func (b *builder) addDocument(d index.Document, nested bool) {
	n := uint32(len(b.docs))
	var stored []byte
	d.VisitFields(func(f index.Field) {
		ft := b.field(f.Name())
		if f.Options().IsIndexed() {
			b.terms(ft, f, n)
		}
		if f.Options().IsStored() {
			stored = appendStored(stored, ft.n, f.Value())
		}
	})
	b.docs = append(b.docs, document{stored, nested})
	if nd, ok := d.(index.NestedDocument); ok {
		nd.VisitNestedDocuments(func(d index.Document) { b.addDocument(d, true) })
	}
}

func (b *builder) field(name string) *fieldTerms {
	ft := b.fields[name]
	if ft == nil {
		ft = &fieldTerms{name: name, n: len(b.order), ids: map[string]uint32{}}
		b.fields[name] = ft
		b.order = append(b.order, ft)
	}
	return ft
}

func (b *builder) terms(ft *fieldTerms, f index.Field, doc uint32) {
	own, ok := f.(Field)
	if !ok {
		f.Analyze()
		for term := range f.AnalyzedTokenFrequencies() {
			ft.tokens = append(ft.tokens, token{ft.id(term), doc})
		}
		return
	}
	s := own.Scratch()
	if s.by != b || s.round != b.round {
		s.by, s.round, s.ids = b, b.round, s.ids[:0]
		own.EachTerm(func(term string) bool {
			s.ids = append(s.ids, ft.id(term))
			return true
		})
	}
	for _, id := range s.ids {
		ft.tokens = append(ft.tokens, token{id, doc})
	}
}

func (ft *fieldTerms) id(term string) uint32 {
	id, ok := ft.ids[term]
	if !ok {
		id = uint32(len(ft.terms))
		ft.ids[term] = id
		ft.terms = append(ft.terms, term)
	}
	return id
}

// put writes the terms of a field in their order, each with its documents, which are brought together by counting.
func (b *builder) put(w *writer, ft *fieldTerms) {
	b.ends = slices.Grow(b.ends[:0], len(ft.terms)+1)[:len(ft.terms)+1]
	clear(b.ends)
	for _, t := range ft.tokens {
		b.ends[t.term+1]++
	}
	for i := range ft.terms {
		b.ends[i+1] += b.ends[i]
	}
	b.next = append(b.next[:0], b.ends...)
	b.lists = slices.Grow(b.lists[:0], len(ft.tokens))[:len(ft.tokens)]
	for _, t := range ft.tokens {
		b.lists[b.next[t.term]] = t.doc
		b.next[t.term]++
	}
	for _, id := range ft.sorted() {
		w.term(ft.terms[id], slices.Compact(b.lists[b.ends[id]:b.ends[id+1]]))
	}
	w.endField(ft.name)
}

// reset empties the builder and keeps its room for the next segment.
func (b *builder) reset() {
	for _, ft := range b.order {
		clear(ft.ids)
		clear(ft.terms)
		ft.terms, ft.tokens = ft.terms[:0], ft.tokens[:0]
	}
	clear(b.docs)
	b.docs = b.docs[:0]
	b.round++
}

// sorted returns the numbers of the terms in their order.
func (ft *fieldTerms) sorted() []uint32 {
	order := make([]uint32, len(ft.terms))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int { return strings.Compare(ft.terms[x], ft.terms[y]) })
	return order
}

// bytes lays out the segment.
func (b *builder) bytes() ([]byte, error) {
	var out bytes.Buffer
	w := newWriter(&out)
	for _, ft := range b.order { // in the order of their numbers; readers look fields up by name
		b.put(w, ft)
	}
	for _, d := range b.docs {
		w.document(d.stored, d.nested)
	}
	_, err := w.finish()
	return out.Bytes(), err
}
