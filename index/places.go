package index

import (
	"context"
	"strings"

	"annuaire"
)

// Places is the index of structures and mailboxes, one document each. Safe for concurrent use, as People is.
type Places struct{ e *engine }

const placesName = "places"

var (
	structures = &schemaSet{schema: structureSchema, flat: flatStructure, prefix: structurePrefix}
	mailboxes  = &schemaSet{schema: mailboxSchema, flat: flatMailbox, prefix: mailboxPrefix}
)

// OpenPlaces opens the index that a PlacesBuilder finished in dir; see OpenPeople.
func OpenPlaces(dir string) (*Places, error) {
	e, err := openFinished(placesName, dir)
	if err != nil {
		return nil, err
	}
	return &Places{e}, nil
}

// ReadAhead: see People.
func (p *Places) ReadAhead() { p.e.readAhead(true) }

// Close ends background work and waits for the searches in progress; afterwards everything is CodeUnavailable.
func (p *Places) Close() error { return p.e.close() }

// Seq returns the sequence of the last change applied.
func (p *Places) Seq() (uint64, error) { return p.e.seq() }

// PlacesChange is what changes in structures and mailboxes. Mailboxes are published ones only.
type PlacesChange struct {
	Structures     []annuaire.Structure
	GoneStructures []string // ids
	Mailboxes      []annuaire.Mailbox
	GoneMailboxes  []string // addresses
}

// Apply makes a change durable and visible, then records seq; see People.Apply.
func (p *Places) Apply(seq uint64, c PlacesChange) error {
	gone := make([]string, 0, len(c.GoneStructures)+len(c.GoneMailboxes))
	for _, id := range c.GoneStructures {
		gone = append(gone, StructureKey(id))
	}
	for _, a := range c.GoneMailboxes {
		gone = append(gone, MailboxKey(a))
	}
	return p.e.apply(seq, gone, len(c.Structures)+len(c.Mailboxes), func(enc *encoder, i int) *document {
		if i < len(c.Structures) {
			d, _ := enc.structureDoc(&c.Structures[i])
			return d
		}
		d, _ := enc.mailboxDoc(&c.Mailboxes[i-len(c.Structures)])
		return d
	})
}

// EachFingerprint calls fn with the key (StructureKey, MailboxKey) and the fingerprint of everything indexed, in no order.
func (p *Places) EachFingerprint(fn func(key string, fingerprint uint64) error) error {
	return p.e.eachPrint(fn)
}

// SearchStructures answers a question about structures; errors as People.Search.
func (p *Places) SearchStructures(ctx context.Context, q annuaire.Query) (Result, error) {
	return p.e.answer(ctx, q, structures)
}

// SearchMailboxes answers a question about published mailboxes; errors as People.Search.
func (p *Places) SearchMailboxes(ctx context.Context, q annuaire.Query) (Result, error) {
	return p.e.answer(ctx, q, mailboxes)
}

// PlacesBuilder builds an index of structures and mailboxes from nothing; see PeopleBuilder.
type PlacesBuilder struct{ b *bulk }

// CreatePlaces starts a build.
func CreatePlaces(dir string) (*PlacesBuilder, error) {
	b, err := createBulk(placesName, dir)
	if err != nil {
		return nil, err
	}
	return &PlacesBuilder{b}, nil
}

// AddStructure indexes a structure; see PeopleBuilder.Add.
func (b *PlacesBuilder) AddStructure(s annuaire.Structure) error {
	return b.b.add(func(enc *encoder) *document {
		d, _ := enc.structureDoc(&s)
		return d
	})
}

// AddMailbox indexes a published mailbox; see PeopleBuilder.Add.
func (b *PlacesBuilder) AddMailbox(m annuaire.Mailbox) error {
	return b.b.add(func(enc *encoder) *document {
		d, _ := enc.mailboxDoc(&m)
		return d
	})
}

// Flush writes what was added so far and frees its memory; more may be added.
func (b *PlacesBuilder) Flush() error { return b.b.flushAll() }

// Finish makes everything durable, records seq and closes.
func (b *PlacesBuilder) Finish(seq uint64) error { return b.b.finish(seq) }

// Abandon removes what was built.
func (b *PlacesBuilder) Abandon() error { return b.b.abandon() }

// The document ids of the places index say what they are of.
const (
	structurePrefix = "s:"
	mailboxPrefix   = "m:"
)

// StructureKey is the key of a structure in the places index.
func StructureKey(id string) string { return structurePrefix + id }

// MailboxKey is the key of a mailbox in the places index.
func MailboxKey(address string) string { return mailboxPrefix + strings.ToLower(address) }
