package index

import "annuaire/internal/card"

// Book is the address book of published mailboxes: one card each, as LDAP shows it, with the words and the pieces of words it is
// asked for by. It answers with candidates: whoever asks checks each card. Safe for concurrent use, as People is.
type Book struct{ e *engine }

const bookName = "book"

var book = &schemaSet{cards: true}

// OpenBook opens the book that a BookBuilder finished in dir; see OpenPeople.
func OpenBook(dir string) (*Book, error) {
	e, err := openFinished(bookName, dir)
	if err != nil {
		return nil, err
	}
	return &Book{e}, nil
}

// ReadAhead: see People. Nobody asks a book with typing errors.
func (b *Book) ReadAhead() { b.e.readAhead(false) }

// Close ends background work and waits for the searches in progress; afterwards everything is CodeUnavailable.
func (b *Book) Close() error { return b.e.close() }

// Seq returns the sequence of the last change applied.
func (b *Book) Seq() (uint64, error) { return b.e.seq() }

// Apply makes changes durable and visible, then records seq; gone are addresses. See People.Apply.
func (b *Book) Apply(seq uint64, cards []card.Card, gone []string) error {
	return b.e.apply(seq, gone, len(cards), func(enc *encoder, i int) *document {
		d, _ := enc.card(cards[i])
		return d
	})
}

// EachFingerprint calls fn with the address and the fingerprint (see Fingerprints) of everything indexed, in no order.
func (b *Book) EachFingerprint(fn func(address string, fingerprint uint64) error) error {
	return b.e.eachPrint(fn)
}

// BookBuilder builds a book from nothing; see PeopleBuilder.
type BookBuilder struct{ b *bulk }

// CreateBook starts a build.
func CreateBook(dir string) (*BookBuilder, error) {
	b, err := createBulk(bookName, dir)
	if err != nil {
		return nil, err
	}
	return &BookBuilder{b}, nil
}

// Add indexes a card; see PeopleBuilder.Add.
func (b *BookBuilder) Add(c card.Card) error {
	return b.b.add(func(enc *encoder) *document {
		d, _ := enc.card(c)
		return d
	})
}

// Finish makes everything durable, records seq and closes.
func (b *BookBuilder) Finish(seq uint64) error { return b.b.finish(seq) }

// Abandon removes what was built.
func (b *BookBuilder) Abandon() error { return b.b.abandon() }
