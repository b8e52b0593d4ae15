package index

import (
	bleve "github.com/blevesearch/bleve_index_api"

	"annuaire/index/postings"
)

// field is a bleve field whose terms are already known. One document never holds two fields of one name: bleve would merge
// their term maps in place, and these are shared.
type field struct {
	name    string
	options bleve.FieldIndexingOptions
	terms   packed
	hash    uint64            // of name and terms
	value   []byte            // stored
	own     *postings.Scratch // of a field that documents share
}

// AppendTerms appends the terms, for our own segments.
func (f *field) AppendTerms(to []string) []string {
	for t := range f.terms.each {
		to = append(to, t)
	}
	return to
}

// Scratch is room for whoever builds a segment.
func (f *field) Scratch() *postings.Scratch { return f.own }

func (f *field) Name() string                        { return f.name }
func (f *field) Value() []byte                       { return f.value }
func (f *field) ArrayPositions() []uint64            { return nil }
func (f *field) EncodedFieldType() byte              { return 't' }
func (f *field) Analyze()                            {}
func (f *field) Options() bleve.FieldIndexingOptions { return f.options }
func (f *field) AnalyzedLength() int                 { return 1 }
func (f *field) NumPlainTextBytes() uint64           { return 0 }

// AnalyzedTokenFrequencies returns the terms as bleve's own segments want them; ours ask for AppendTerms.
func (f *field) AnalyzedTokenFrequencies() bleve.TokenFrequencies {
	m := make(bleve.TokenFrequencies)
	for t := range f.terms.each {
		m[t] = &bleve.TokenFreq{}
	}
	return m
}

// packed is the terms of a field, one after the other, then where each ends: one string, which leaves the garbage collector little to look at.
type packed struct {
	all  string
	size int // bytes of the terms
}

// pack packs one term.
func pack(term string) packed {
	return packed{term + string([]byte{byte(len(term)), byte(len(term) >> 8)}), len(term)}
}

func (p packed) text() string { return p.all[:p.size] }

func (p packed) each(yield func(string) bool) {
	from := 0
	for i := p.size; i < len(p.all); i += 2 {
		to := int(p.all[i]) | int(p.all[i+1])<<8
		if !yield(p.all[from:to]) {
			return
		}
		from = to
	}
}

// document is a bleve document: a head with its continuations, or a continuation, or a flat one.
type document struct {
	id     string
	fields []*field
	nested []*document
	print  uint64 // see printOf; of a head
}

func (d *document) ID() string                                 { return d.id }
func (d *document) Size() int                                  { return 0 }
func (d *document) VisitComposite(bleve.CompositeFieldVisitor) {}
func (d *document) HasComposite() bool                         { return false }
func (d *document) NumPlainTextBytes() uint64                  { return 0 }
func (d *document) AddIDField()                                {} // in fields from the start
func (d *document) StoredFieldsBytes() uint64                  { return 0 }
func (d *document) Indexed() bool                              { return true }

// VisitFields hands over every field.
func (d *document) VisitFields(visit bleve.FieldVisitor) {
	for _, f := range d.fields {
		visit(f)
	}
}

// VisitNestedDocuments hands over the continuations, in the order of the situations.
func (d *document) VisitNestedDocuments(visit func(bleve.Document)) {
	for _, n := range d.nested {
		visit(n)
	}
}
