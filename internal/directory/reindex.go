package directory

import (
	"context"
	"errors"
	"fmt"
	"os"

	"annuaire"
	"annuaire/internal/store"
)

// Reindex builds, from the records of the generation that the ledger names, a new one called name, and puts it in use with the log
// going on after seq (0: after its head). It reads no extract. It serves a directory whose indexes are missing or of an older format; its
// records must be there. Killed anywhere, it leaves the old state.
func (d *Directory) Reindex(ctx context.Context, name string, seq uint64, progress func(annuaire.Kind, int64)) (err error) {
	unlock, err := d.Lock("reindex")
	if err != nil {
		return err
	}
	defer unlock()
	_, old, err := d.Ledger.Head()
	if err != nil {
		return err
	}
	if old == "" {
		return annuaire.Errorf(annuaire.CodeUnavailable, "reindex", "aucune donnée à indexer", "there is nothing to index", nil)
	}
	from, closeFrom, err := d.recordsOf(old)
	if err != nil {
		return err
	}
	b, err := d.Build(name)
	if err != nil {
		return errors.Join(err, closeFrom())
	}
	if progress == nil {
		progress = func(annuaire.Kind, int64) {}
	}
	err = b.Copy(ctx, from, nil, nil, progress)
	if err != nil {
		return errors.Join(err, b.Abandon(), closeFrom())
	}
	info, err := from.Store.Info()
	if err == nil {
		err = b.Store.KeepGone(from.Store, nil)
	}
	err = errors.Join(err, closeFrom())
	if err != nil {
		return errors.Join(err, b.Abandon())
	}
	return b.takeOver(seq, info)
}

// recordsOf opens the records of a generation alone, at the head of the ledger.
func (d *Directory) recordsOf(name string) (g *Generation, done func() error, err error) {
	if cur := d.cur.Load(); cur != nil && cur.Name == name {
		return cur, func() error { return nil }, cur.CatchUp(d.Ledger, nil) // held open by Lock
	}
	g = &Generation{Name: name}
	if g.Store, err = store.OpenDirectory(d.Path("generations", name, "directory.db")); err != nil {
		return nil, nil, err
	}
	if err := g.catchUpStore(d.Ledger, nil); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("directory.db: %w", err), g.close())
	}
	return g, g.close, nil
}

// takeOver finishes the generation and makes it the one in use, without a run of its own; the log goes on after least, or its head.
func (b *Building) takeOver(least uint64, info store.Info) error {
	d := b.d
	if err := b.seal(max(least, b.copied.base), info); err != nil {
		return errors.Join(err, os.RemoveAll(d.generationDir(b.name)))
	}
	g, err := d.openGeneration(b.name)
	if err != nil {
		return errors.Join(err, os.RemoveAll(d.generationDir(b.name)))
	}
	old, err := b.reseat(g, least)
	if err != nil {
		return errors.Join(err, g.close(), os.RemoveAll(d.generationDir(b.name)))
	}
	defer d.announce()
	return d.put(g, old)
}

// reseat has the ledger name g, and returns the generation that it replaces.
func (b *Building) reseat(g *Generation, least uint64) (old *Generation, err error) {
	d := b.d
	d.commit.Lock()
	defer d.commit.Unlock()
	head, _, err := d.Ledger.Head()
	if err != nil {
		return nil, err
	}
	if head > b.copied.base { // of mailboxes, registered meanwhile
		var late []store.Entry
		if err := d.Ledger.Since(b.copied.base, func(e store.Entry) error { late = append(late, e); return nil }); err != nil {
			return nil, err
		}
		if err := g.patch(late, max(least, head)); err != nil {
			return nil, err
		}
	}
	if err := d.Ledger.Reseat(b.name, max(least, head)); err != nil {
		return nil, err
	}
	return d.cur.Swap(g), nil
}
