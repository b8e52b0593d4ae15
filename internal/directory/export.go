package directory

import (
	"context"
	"slices"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/store"
)

// exportBatch is how many records are read in one transaction, so that the writer can reuse what it frees.
const exportBatch = 500

// ExportProfessionals calls fn with everyone of whom where is true and whose id comes after one, by id, some at a time. Whoever leaves
// meanwhile is left out. The memory used does not depend on the number of people beyond their ids.
func (d *Directory) ExportProfessionals(ctx context.Context, where annuaire.Expr, after string, fn func([]annuaire.Item[annuaire.Professional]) error) error {
	return export(ctx, d, where, after, fn,
		(*Generation).people,
		store.Reader.Person, store.Reader.PeopleAfter, func(p annuaire.Professional) string { return p.ID },
		func(r store.Reader, it *annuaire.Item[annuaire.Professional]) (err error) {
			labelPerson(&it.Value)
			it.Mailboxes, err = r.MailboxesOf(it.Value.ID)
			return err
		})
}

// ExportStructures is ExportProfessionals for structures.
func (d *Directory) ExportStructures(ctx context.Context, where annuaire.Expr, after string, fn func([]annuaire.Item[annuaire.Structure]) error) error {
	return export(ctx, d, where, after, fn,
		(*Generation).structures,
		store.Reader.Structure, store.Reader.StructuresAfter, func(s annuaire.Structure) string { return s.ID },
		func(_ store.Reader, it *annuaire.Item[annuaire.Structure]) error {
			labelStructure(&it.Value)
			return nil
		})
}

// ExportMailboxes is ExportProfessionals for mailboxes, by address.
func (d *Directory) ExportMailboxes(ctx context.Context, where annuaire.Expr, after string, fn func([]annuaire.Item[annuaire.Mailbox]) error) error {
	return export(ctx, d, where, after, fn,
		(*Generation).mailboxes,
		store.Reader.Mailbox, store.Reader.MailboxesAfter, func(m annuaire.Mailbox) string { return m.Address },
		func(_ store.Reader, it *annuaire.Item[annuaire.Mailbox]) error { labelMailbox(&it.Value); return nil })
}

// export reads by the ids that the index finds, or, without criteria, in the order of the store. Each batch takes the generation in use
// anew: a long export keeps no old one alive.
func export[T any](ctx context.Context, d *Directory, where annuaire.Expr, after string, fn func([]annuaire.Item[T]) error,
	of func(*Generation) index.Records, get func(store.Reader, string) (T, bool, error), page func(store.Reader, string, int) ([]T, error),
	idOf func(T) string, complete func(store.Reader, *annuaire.Item[T]) error,
) error {
	next := func(r store.Reader) ([]T, error) { return page(r, after, exportBatch) }
	if where.Op != annuaire.OpTrue {
		g, release, err := d.hold()
		if err != nil {
			return err
		}
		ids, err := of(g).Matches(ctx, where)
		release()
		if err != nil {
			return err
		}
		next = func(r store.Reader) (out []T, err error) {
			from, there := slices.BinarySearch(ids, after)
			if there {
				from++
			}
			for ids = ids[from:]; len(ids) > 0 && len(out) < exportBatch; ids = ids[1:] {
				rec, ok, err := get(r, ids[0])
				if err != nil {
					return nil, err
				}
				if ok {
					out = append(out, rec)
				}
			}
			return out, nil
		}
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var items []annuaire.Item[T]
		err := d.read(func(r store.Reader) error {
			recs, err := next(r)
			for _, rec := range recs {
				it := annuaire.Item[T]{Value: rec}
				if err := complete(r, &it); err != nil {
					return err
				}
				items = append(items, it)
			}
			return err
		})
		if err != nil || len(items) == 0 {
			return err
		}
		after = idOf(items[len(items)-1].Value)
		if err := fn(items); err != nil {
			return err
		}
	}
}
