package index

import (
	"context"

	"annuaire"
)

// People is the index of people, one document per situation. Safe for concurrent use; a search sees one state of the
// directory from its first to its last segment.
type People struct{ e *engine }

var people = &schemaSet{schema: peopleSchema}

const peopleName = "people"

// OpenPeople opens the index that a PeopleBuilder finished in dir. CodeUnavailable when it is unfinished, or of another format:
// such a generation is to be rebuilt. One process at a time may hold it.
func OpenPeople(dir string) (*People, error) {
	e, err := openFinished(peopleName, dir)
	if err != nil {
		return nil, err
	}
	return &People{e}, nil
}

// ReadAhead has searches find ready what they need of the whole index: some seconds of work, in the background, that whoever opens an index
// to write to it does without.
func (p *People) ReadAhead() { p.e.readAhead(true) }

// Close ends background work and waits for the searches in progress; afterwards everything is CodeUnavailable.
func (p *People) Close() error { return p.e.close() }

// Seq returns the sequence of the last change applied.
func (p *People) Seq() (uint64, error) { return p.e.seq() }

// Apply makes changes durable and visible, then records seq. It is idempotent: interrupted anywhere, the same call can be made
// again. A person both in upserts and gone is kept.
func (p *People) Apply(seq uint64, upserts []PersonDoc, gone []string) error {
	return p.e.apply(seq, gone, len(upserts), func(enc *encoder, i int) *document {
		d, _ := enc.person(upserts[i])
		return d
	})
}

// EachFingerprint calls fn with the id and the fingerprint (see Fingerprints) of everyone indexed, in no order.
func (p *People) EachFingerprint(fn func(id string, fingerprint uint64) error) error {
	return p.e.eachPrint(fn)
}

// Search answers a question about people. Errors: CodeInvalid names in Op the field whose value is not understood; the error of
// ctx when it ends first.
func (p *People) Search(ctx context.Context, q annuaire.Query) (Result, error) {
	return p.e.answer(ctx, q, people)
}

// PeopleBuilder builds an index of people from nothing, in a folder that does not exist or is empty. End it with Finish or
// Abandon.
type PeopleBuilder struct{ b *bulk }

// CreatePeople starts a build.
func CreatePeople(dir string) (*PeopleBuilder, error) {
	b, err := createBulk(peopleName, dir)
	if err != nil {
		return nil, err
	}
	return &PeopleBuilder{b}, nil
}

// Add indexes a person, whose id must not have been added before. The record is not kept. Safe for concurrent use; it blocks
// while the writers are busy, and returns their first error.
func (b *PeopleBuilder) Add(p PersonDoc) error {
	return b.b.add(func(enc *encoder) *document {
		d, _ := enc.person(p)
		return d
	})
}

// Finish makes everything durable, records seq and closes: OpenPeople comes next. Nothing may be added any more.
func (b *PeopleBuilder) Finish(seq uint64) error { return b.b.finish(seq) }

// Abandon removes what was built.
func (b *PeopleBuilder) Abandon() error { return b.b.abandon() }
