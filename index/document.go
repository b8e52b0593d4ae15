package index

import (
	"strings"

	bleve "github.com/blevesearch/bleve_index_api"

	"annuaire/index/postings"
)

// Nothing is scored, so that all terms share one of two occurrences. once, with the length of 1 of every field, lets a merged
// segment keep a term of a single document inside the dictionary ("1-hit"; a length of 0 would make such a term look absent):
// it is for identifiers and words. often has no frequency, which halves what is stored per posting: for codes and grams.
var once, often = occurrence(1), occurrence(0)

func occurrence(n int) *bleve.TokenFreq {
	tf := &bleve.TokenFreq{}
	tf.SetFrequency(n)
	return tf
}

// field is a bleve field whose terms are already known. One document never holds two fields of one name: bleve would merge
// their term maps in place, and these are shared.
type field struct {
	name    string
	options bleve.FieldIndexingOptions
	terms   packed
	hash    uint64 // of name and terms
	value   []byte // stored
	often   bool   // its terms are of many documents
	scratch *scratch
	own     postings.Scratch
}

// EachTerm yields the terms, for our own segments.
func (f *field) EachTerm(yield func(string) bool) { f.terms.each(yield) }

// Scratch is room for whoever builds a segment.
func (f *field) Scratch() *postings.Scratch { return &f.own }

// scratch builds the term maps that bleve asks for. One per field name and batch: bleve keeps the map of one document at a time.
type scratch struct {
	freqs map[string]bleve.TokenFrequencies
}

func newScratch() *scratch { return &scratch{freqs: map[string]bleve.TokenFrequencies{}} }

func (f *field) Name() string                        { return f.name }
func (f *field) Value() []byte                       { return f.value }
func (f *field) ArrayPositions() []uint64            { return nil }
func (f *field) EncodedFieldType() byte              { return 't' }
func (f *field) Analyze()                            {}
func (f *field) Options() bleve.FieldIndexingOptions { return f.options }
func (f *field) AnalyzedLength() int                 { return 1 }
func (f *field) NumPlainTextBytes() uint64           { return 0 }

// AnalyzedTokenFrequencies returns the terms as bleve wants them, in the scratch map of this field name. Our own segments ask
// for EachTerm.
func (f *field) AnalyzedTokenFrequencies() bleve.TokenFrequencies {
	m := f.scratch.freqs[f.name]
	if m == nil {
		m = make(bleve.TokenFrequencies, 32)
		f.scratch.freqs[f.name] = m
	}
	clear(m)
	f.fill(m)
	return m
}

func (f *field) fill(m bleve.TokenFrequencies) {
	for t := range f.terms.each {
		if f.often || t[0] == kindGram || t[0] == kindPresent || t[0] == kindAbsent {
			m[t] = often
		} else {
			m[t] = once
		}
	}
}

// packed is the terms of a field in one string, which leaves the garbage collector little to look at.
type packed struct {
	text string
	ends []uint16
}

func pack(terms ...string) packed {
	var p packed
	n := 0
	for _, t := range terms {
		n += len(t)
		p.ends = append(p.ends, uint16(n))
	}
	p.text = strings.Join(terms, "")
	return p
}

func (p packed) each(yield func(string) bool) {
	from := uint16(0)
	for _, to := range p.ends {
		if !yield(p.text[from:to]) {
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
