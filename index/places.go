package index

import (
	"strings"

	"annuaire"
)

// Places is the index of structures and mailboxes, one document each: published mailboxes only, whose ids are their addresses. Safe for concurrent
// use.
type Places struct {
	*engine
	Structures, Mailboxes Records
}

const placesName = "places"

var (
	structures = &schemaSet{schema: structureSchema, begins: fieldStructure, flat: flatStructure, prefix: structurePrefix}
	mailboxes  = &schemaSet{schema: mailboxSchema, flat: flatMailbox, prefix: mailboxPrefix}
)

// OpenPlaces opens the index that a PlacesBuilder finished in dir; see OpenPeople.
func OpenPlaces(dir string) (*Places, error) {
	e, err := openFinished(placesName, dir)
	if err != nil {
		return nil, err
	}
	return &Places{e, Records{e, structures}, Records{e, mailboxes}}, nil
}

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
	return p.apply(seq, gone, len(c.Structures)+len(c.Mailboxes), func(enc *encoder, i int) *document {
		if i < len(c.Structures) {
			return enc.structureDoc(&c.Structures[i])
		}
		return enc.mailboxDoc(&c.Mailboxes[i-len(c.Structures)])
	})
}

// PlacesBuilder builds an index of structures and mailboxes from nothing; see PeopleBuilder.
type PlacesBuilder struct{ *bulk }

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
	return b.add(func(enc *encoder) *document { return enc.structureDoc(&s) })
}

// AddMailbox indexes a published mailbox; see PeopleBuilder.Add.
func (b *PlacesBuilder) AddMailbox(m annuaire.Mailbox) error {
	return b.add(func(enc *encoder) *document { return enc.mailboxDoc(&m) })
}

// The document ids of the places index say what they are of.
const (
	structurePrefix = "s:"
	mailboxPrefix   = "m:"
)

// StructureKey is the key of a structure in the places index.
func StructureKey(id string) string { return structurePrefix + id }

// MailboxKey is the key of a mailbox in the places index.
func MailboxKey(address string) string { return mailboxPrefix + strings.ToLower(address) }
