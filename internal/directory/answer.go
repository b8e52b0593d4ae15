package directory

import (
	"context"
	"time"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/store"
)

// SearchProfessionals answers a question about people. Someone who leaves between the search and the reading of the record
// is left out of the page.
func (d *Directory) SearchProfessionals(ctx context.Context, q annuaire.Query) (annuaire.Page[annuaire.Professional], error) {
	return search(ctx, d, q, (*Generation).people, func(r store.Reader, h index.Hit) (it annuaire.Item[annuaire.Professional], ok bool, err error) {
		if it.Value, ok, err = r.Person(h.ID); err != nil || !ok {
			return it, false, err
		}
		it.Mailboxes, err = r.MailboxesOf(h.ID)
		it.Matched = h.Situation
		labelPerson(&it.Value)
		return it, true, err
	})
}

// SearchStructures answers a question about structures.
func (d *Directory) SearchStructures(ctx context.Context, q annuaire.Query) (annuaire.Page[annuaire.Structure], error) {
	return search(ctx, d, q, (*Generation).structures, func(r store.Reader, h index.Hit) (it annuaire.Item[annuaire.Structure], ok bool, err error) {
		it.Value, ok, err = r.Structure(h.ID)
		labelStructure(&it.Value)
		return it, ok, err
	})
}

// SearchMailboxes answers a question about published mailboxes.
func (d *Directory) SearchMailboxes(ctx context.Context, q annuaire.Query) (annuaire.Page[annuaire.Mailbox], error) {
	return search(ctx, d, q, (*Generation).mailboxes, func(r store.Reader, h index.Hit) (it annuaire.Item[annuaire.Mailbox], ok bool, err error) {
		it.Value, ok, err = r.Mailbox(h.ID)
		labelMailbox(&it.Value)
		return it, ok, err
	})
}

func (g *Generation) people() index.Records     { return g.People.Records }
func (g *Generation) structures() index.Records { return g.Places.Structures }
func (g *Generation) mailboxes() index.Records  { return g.Places.Mailboxes }

// search is the one path from a question to a page: index, then the records as the index knows them, in one consistent read.
func search[T any](ctx context.Context, d *Directory, q annuaire.Query,
	of func(*Generation) index.Records,
	read func(store.Reader, index.Hit) (annuaire.Item[T], bool, error)) (page annuaire.Page[T], err error) {
	g, release, err := d.hold()
	if err != nil {
		return page, err
	}
	defer release()
	for try := 1; ; try++ {
		res, err := of(g).Search(ctx, q)
		if err != nil {
			return page, err
		}
		join := func(r store.Reader) error {
			info, err := r.Info()
			if err != nil {
				return err
			}
			page = annuaire.Page[T]{Total: res.Total, Cut: res.AtLeast, Next: res.Next, Facets: res.Facets, AsOf: info.Extract}
			return items(r, res.Hits, read, &page)
		}
		ok, err := g.at(res.Seq, join)
		if err == nil && !ok && try == maxJoins {
			err, ok = g.Store.Read(join), true
		}
		if err != nil || ok {
			return page, err
		}
	}
}

// maxJoins is how often a question is asked for an answer whose records are still to be had. Where they are not, the views are catching up with
// more entries than they take at a time (catchUpChunk): the page then has the records of now.
const maxJoins = 3

func items[T any](r store.Reader, hits []index.Hit, read func(store.Reader, index.Hit) (annuaire.Item[T], bool, error), page *annuaire.Page[T]) error {
	for _, h := range hits {
		it, ok, err := read(r, h)
		if err != nil {
			return err
		}
		if ok {
			it.Why = h.Why
			page.Items = append(page.Items, it)
		}
	}
	return nil
}

// Professional returns one person by IdNatPP or RPPS: CodeNotFound for someone unknown, CodeGone for someone who has left.
func (d *Directory) Professional(ctx context.Context, id string) (it annuaire.Item[annuaire.Professional], err error) {
	nat, ok := annuaire.NationalID(id)
	if !ok {
		return it, notFound("id")
	}
	err = d.read(func(r store.Reader) error {
		p, ok, err := r.Person(nat)
		if err != nil {
			return err
		}
		if !ok {
			if since, left := r.GoneSince(nat); left {
				day := since.Format("2006-01-02")
				return annuaire.Errorf(annuaire.CodeGone, "id", "cette personne a quitté l'annuaire, absente depuis l'extraction du "+day,
					"this person has left the directory, absent since the extract of "+day, nil)
			}
			return notFound("id")
		}
		it.Value = p
		labelPerson(&it.Value)
		it.Mailboxes, err = r.MailboxesOf(nat)
		return err
	})
	return it, err
}

// Structure returns one structure by its technical id.
func (d *Directory) Structure(ctx context.Context, id string) (s annuaire.Structure, err error) {
	err = d.read(func(r store.Reader) (err error) { s, err = found(r.Structure(id)); return err })
	labelStructure(&s)
	return s, err
}

// Mailbox returns one published mailbox by its address, in lower case.
func (d *Directory) Mailbox(ctx context.Context, address string) (m annuaire.Mailbox, err error) {
	err = d.read(func(r store.Reader) (err error) { m, err = found(r.Mailbox(address)); return err })
	labelMailbox(&m)
	return m, err
}

func found[T any](rec T, ok bool, err error) (T, error) {
	if err == nil && !ok {
		err = notFound("")
	}
	return rec, err
}

func notFound(op string) error {
	return annuaire.Errorf(annuaire.CodeNotFound, op, "inconnu de l'annuaire", "not in the directory", nil)
}

func (d *Directory) read(fn func(store.Reader) error) error {
	g, release, err := d.hold()
	if err != nil {
		return err
	}
	defer release()
	return g.Store.Read(fn)
}

// AsOf returns the time of the extract that is shown.
func (d *Directory) AsOf(context.Context) (time.Time, error) {
	g, release, err := d.hold()
	if err != nil {
		return time.Time{}, err
	}
	defer release()
	info, err := g.Store.Info()
	return info.Extract, err
}
