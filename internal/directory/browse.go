package directory

import (
	"context"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/card"
	"annuaire/internal/store"
)

// Browse calls fn with candidates of an address book until it returns false; at is where each stands. See annuaire.Browse. The cards
// are valid during the call of fn only. CodeUnavailable while nothing is loaded.
func (d *Directory) Browse(ctx context.Context, q annuaire.Browse, fn func(c card.Card, at annuaire.Position) (more bool)) error {
	g, release, err := d.hold()
	if err != nil {
		return err
	}
	defer release()
	if q.Book == annuaire.BookMailboxes {
		return g.Book.Browse(ctx, q, func(c index.Candidate) (bool, error) {
			parsed, err := card.Parse(c.Card)
			return err == nil && fn(parsed, c.At), err
		})
	}
	find := g.People.Browse
	if q.Book == annuaire.BookStructures {
		find = g.Places.Structures.Browse
	}
	return g.Store.Read(func(r store.Reader) error {
		return find(ctx, q, func(c index.Candidate) (bool, error) {
			made, ok, err := render(r, q.Book, c.ID)
			if err != nil || !ok { // has left since
				return err == nil, err
			}
			return fn(made, c.At), nil
		})
	})
}

// Card returns one entry of an address book; CodeNotFound.
func (d *Directory) Card(ctx context.Context, book annuaire.Book, id string) (out card.Card, err error) {
	g, release, err := d.hold()
	if err != nil {
		return out, err
	}
	defer release()
	var ok bool
	if book == annuaire.BookMailboxes {
		ok, err = g.Book.Card(id, func(raw []byte) (err error) {
			out, err = card.Parse(append([]byte(nil), raw...))
			return err
		})
	} else {
		err = g.Store.Read(func(r store.Reader) (err error) {
			out, ok, err = render(r, book, id)
			return err
		})
	}
	return found(out, ok, err)
}

// render makes the card of a person or a structure from its record.
func render(r store.Reader, book annuaire.Book, id string) (c card.Card, ok bool, err error) {
	if book == annuaire.BookStructures {
		s, ok, err := r.Structure(id)
		if err != nil || !ok {
			return c, ok, err
		}
		labelStructure(&s)
		return card.Structure(&s), true, nil
	}
	p, ok, err := r.Person(id)
	if err != nil || !ok {
		return c, ok, err
	}
	labelPerson(&p)
	boxes, err := r.MailboxesOf(id)
	return card.Person(&p, boxes), err == nil, err
}
