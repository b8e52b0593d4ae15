package index

import (
	"annuaire"
	"annuaire/internal/card"
)

// Fingerprints digests what would be indexed of records, for comparison with what EachFingerprint says is: two records with one fingerprint
// answer the same questions alike. It remembers what records have in common, in bounded memory, so that one of them serves a whole
// directory. Not for concurrent use.
type Fingerprints struct{ records, cards *encoder } // two: the words of a name are other terms in the book

// NewFingerprints returns one that remembers nothing yet.
func NewFingerprints() *Fingerprints { return &Fingerprints{newEncoder(), newEncoder()} }

// Person is the fingerprint of a person and their published boxes.
func (f *Fingerprints) Person(p PersonDoc) uint64 { return f.records.printed(f.records.person(p)) }

// Structure is the fingerprint of a structure.
func (f *Fingerprints) Structure(s annuaire.Structure) uint64 {
	return f.records.printed(f.records.structureDoc(&s))
}

// Mailbox is the fingerprint of a mailbox.
func (f *Fingerprints) Mailbox(m annuaire.Mailbox) uint64 {
	return f.records.printed(f.records.mailboxDoc(&m))
}

// Card is the fingerprint of a card of the address book.
func (f *Fingerprints) Card(c card.Card) uint64 { return f.cards.printed(f.cards.card(c)) }

// printed is the print of a document, of which nothing else is needed.
func (e *encoder) printed(d *document) uint64 {
	print := d.print
	e.done()
	return print
}
