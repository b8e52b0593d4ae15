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
func (f *Fingerprints) Person(p PersonDoc) uint64 {
	_, s := f.records.person(p)
	f.records.done()
	return s.print
}

// Structure is the fingerprint of a structure.
func (f *Fingerprints) Structure(s annuaire.Structure) uint64 {
	_, st := f.records.structureDoc(&s)
	f.records.done()
	return st.print
}

// Mailbox is the fingerprint of a mailbox.
func (f *Fingerprints) Mailbox(m annuaire.Mailbox) uint64 {
	_, st := f.records.mailboxDoc(&m)
	f.records.done()
	return st.print
}

// Card is the fingerprint of a card of the address book.
func (f *Fingerprints) Card(c card.Card) uint64 {
	_, s := f.cards.card(c)
	f.cards.done()
	return s.print
}
