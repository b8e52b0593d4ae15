package index

import (
	"context"

	"annuaire"
	"annuaire/internal/card"

	"github.com/RoaringBitmap/roaring/v2"
)

// Book is the address book of published mailboxes: one card each, as LDAP shows it, with the words and the pieces of words it is
// asked for by. It answers with candidates: whoever asks checks each card. Safe for concurrent use, as People is.
type Book struct{ *engine }

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

// Apply makes changes durable and visible, then records seq; gone are addresses. See People.Apply.
func (b *Book) Apply(seq uint64, cards []card.Card, gone []string) error {
	return b.apply(seq, gone, len(cards), func(enc *encoder, i int) *document { return enc.card(cards[i]) })
}

// Browse is Records.Browse; candidates have their cards.
func (b *Book) Browse(ctx context.Context, q annuaire.Browse, fn func(Candidate) (bool, error)) error {
	return Records{b.engine, book}.Browse(ctx, q, fn)
}

// Card calls fn with the stored card of an address in lower case, valid during the call; ok is false when there is none.
func (b *Book) Card(address string, fn func(card []byte) error) (ok bool, err error) {
	if address == continuation {
		return false, nil
	}
	snap, release, err := b.snapshot()
	if err != nil {
		return false, err
	}
	defer release()
	for _, s := range snap.Segments() {
		seg := s.Segment()
		doc, ok, err := seg.(finder).First(fieldID, address, s.Deleted())
		if err != nil {
			return false, err
		}
		if ok {
			c, err := cardOf(seg, doc)
			if err != nil {
				return false, err
			}
			return true, fn(c)
		}
	}
	return false, nil
}

// finder is a segment of ours.
type finder interface {
	First(field, term string, except *roaring.Bitmap) (doc uint32, ok bool, err error)
}

// BookBuilder builds a book from nothing; see PeopleBuilder.
type BookBuilder struct{ *bulk }

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
	return b.add(func(enc *encoder) *document { return enc.card(c) })
}
