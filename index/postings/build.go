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
	by  *builder
	ids []uint32
}

// builder turns documents into a segment in memory.
type builder struct {
	fields map[string]*fieldTerms
	order  []*fieldTerms // by first use: their numbers in stored values
	docs   []document
}

// document is what is kept of a document besides its terms.
type document struct {
	stored []byte
	nested bool
}

// fieldTerms is the terms of one field, numbered by first use, and their documents.
type fieldTerms struct {
	name  string
	n     int
	ids   map[string]uint32
	terms []termDocs
}

type termDocs struct {
	term  string
	first uint32 // most terms have one document only
	more  []uint32
}

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
			ft.add(ft.id(term), doc)
		}
		return
	}
	s := own.Scratch()
	if s.by != b {
		s.by, s.ids = b, s.ids[:0]
		own.EachTerm(func(term string) bool {
			s.ids = append(s.ids, ft.id(term))
			return true
		})
	}
	for _, id := range s.ids {
		ft.add(id, doc)
	}
}

func (ft *fieldTerms) id(term string) uint32 {
	id, ok := ft.ids[term]
	if !ok {
		id = uint32(len(ft.terms))
		ft.ids[term] = id
		ft.terms = append(ft.terms, termDocs{term: term, first: noDoc})
	}
	return id
}

const noDoc = 1<<32 - 1

func (ft *fieldTerms) add(id, doc uint32) {
	t := &ft.terms[id]
	switch {
	case t.first == noDoc:
		t.first = doc
	case len(t.more) > 0:
		if t.more[len(t.more)-1] != doc {
			t.more = append(t.more, doc)
		}
	case t.first != doc:
		t.more = append(t.more, t.first, doc)
	}
}

// bytes lays out the segment.
func (b *builder) bytes() ([]byte, error) {
	var out bytes.Buffer
	w := newWriter(&out)
	for _, ft := range b.order { // in the order of their numbers; readers look fields up by name
		slices.SortFunc(ft.terms, func(x, y termDocs) int { return strings.Compare(x.term, y.term) })
		one := [1]uint32{}
		for i := range ft.terms {
			docs := ft.terms[i].more
			if docs == nil {
				one[0] = ft.terms[i].first
				docs = one[:]
			}
			w.term(ft.terms[i].term, docs)
		}
		w.endField(ft.name)
	}
	for _, d := range b.docs {
		w.document(d.stored, d.nested)
	}
	_, err := w.finish()
	return out.Bytes(), err
}
