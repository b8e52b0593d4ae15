package directory

import (
	"context"

	"annuaire"
	"annuaire/internal/store"
)

// Select returns everyone of whom q.Where is true, with how they divide: see annuaire.Selection.
func (d *Directory) Select(ctx context.Context, q annuaire.Selection) (sel annuaire.Selected, err error) {
	g, release, err := d.hold()
	if err != nil {
		return sel, err
	}
	defer release()
	if sel, err = g.selectPeople(ctx, q); err != nil {
		return sel, err
	}
	info, err := g.Store.Info()
	sel.AsOf = info.Extract
	return sel, err
}

func (g *Generation) selectPeople(ctx context.Context, q annuaire.Selection) (annuaire.Selected, error) {
	var holders []string
	if len(q.Kinds) > 0 {
		var err error
		if holders, err = g.Places.Holders(ctx, q.Kinds); err != nil {
			return annuaire.Selected{}, err
		}
	}
	return g.People.Select(ctx, q, holders)
}

// SelectBoxes is Select with the published mailboxes as they were at that sequence: fn reads them. CodeUnavailable when the views are
// catching up with so much that no one state is to be had: ask again.
func (d *Directory) SelectBoxes(ctx context.Context, q annuaire.Selection, fn func(annuaire.Selected, annuaire.BoxReader) error) error {
	g, release, err := d.hold()
	if err != nil {
		return err
	}
	defer release()
	for range maxJoins {
		sel, err := g.selectPeople(ctx, q)
		if err != nil {
			return err
		}
		ok, err := g.at(sel.Seq, func(r store.Reader) error {
			info, err := r.Info()
			if err != nil {
				return err
			}
			sel.AsOf = info.Extract
			return fn(sel, boxReader{ctx, g, r, r.HeldBoxes()})
		})
		if ok || err != nil {
			return err
		}
	}
	return annuaire.Errorf(annuaire.CodeUnavailable, "audience", "l'annuaire est en cours de mise à jour : réessayez dans un instant",
		"the directory is being brought up to date: try again in a moment", nil)
}

// boxReader reads mailboxes of one state.
type boxReader struct {
	ctx context.Context
	g   *Generation
	r   store.Reader
	of  *store.HeldBoxes
}

// Of returns the published boxes of a person, preferred first.
func (b boxReader) Of(id string) ([]annuaire.HeldBox, error) { return b.of.Of(id) }

// EachOf calls fn with every published box of a kind, by address. Boxes that came or left since the state are passed over.
func (b boxReader) EachOf(kind annuaire.MailboxKind, fn func(annuaire.Mailbox) error) error {
	addresses, err := b.g.Places.Mailboxes.Matches(b.ctx, annuaire.Equals(annuaire.FieldKind, string(kind)))
	if err != nil {
		return err
	}
	for _, a := range addresses {
		m, ok, err := b.r.Mailbox(a)
		if err != nil {
			return err
		}
		if ok {
			if err := fn(m); err != nil {
				return err
			}
		}
	}
	return nil
}
