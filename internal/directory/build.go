package directory

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"

	"annuaire/index"
	"annuaire/internal/durable"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// Building is a generation being built aside. Exactly one of Publish and Abandon ends it.
type Building struct {
	d      *Directory
	name   string
	Store  *store.Bulk
	People *index.PeopleBuilder
	Places *index.PlacesBuilder

	copied *copied                    // nil: it is built from extracts
	under  map[string]overlay.Covered // of the extract, covered by the registry: see Covers
}

// Build starts a generation aside. The caller holds Lock.
func (d *Directory) Build(name string) (b *Building, err error) {
	dir := d.generationDir(name)
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	b = &Building{d: d, name: name}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Abandon())
			b = nil
		}
	}()
	if b.Store, err = store.CreateDirectory(d.Path("generations", name, "directory.db")); err != nil {
		return b, err
	}
	if b.People, err = index.CreatePeople(d.Path("generations", name, "people")); err != nil {
		return b, err
	}
	b.Places, err = index.CreatePlaces(d.Path("generations", name, "places"))
	return b, err
}

// Abandon removes what was built.
func (b *Building) Abandon() error {
	var errs []error
	if b.Places != nil {
		errs = append(errs, b.Places.Abandon())
	}
	if b.People != nil {
		errs = append(errs, b.People.Abandon())
	}
	if b.Store != nil {
		errs = append(errs, b.Store.Abandon())
	}
	return errors.Join(append(errs, os.RemoveAll(b.d.generationDir(b.name)))...)
}

// Publish finishes the generation, lets verify look at it, commits the run with its entries and puts the generation in place
// of the one in use, which is retired once its readers are done and then removed. An error before the commit leaves the old
// state whole. What was registered while it was built is brought in first, so that it shows what the old one does.
func (b *Building) Publish(run store.Run, entries []store.Entry, verify func(*Generation) error) error {
	d := b.d
	seq, err := b.planned(len(entries))
	if err != nil {
		return errors.Join(err, b.Abandon())
	}
	if err := b.finish(seq, run.Info, entries); err != nil {
		return errors.Join(err, os.RemoveAll(d.generationDir(b.name)))
	}
	g, err := d.openGeneration(b.name)
	if err == nil {
		err = verify(g)
	}
	if err != nil {
		if g != nil {
			err = errors.Join(err, g.close())
		}
		return errors.Join(err, os.RemoveAll(d.generationDir(b.name)))
	}
	old, err := b.commit(g, run, entries)
	if err != nil {
		return err
	}
	defer d.announce()
	return d.put(g, old)
}

// planned is the sequence that the generation will stand at if nothing is registered until then.
func (b *Building) planned(entries int) (uint64, error) {
	if b.copied != nil {
		return b.copied.base + uint64(len(b.copied.plan.Entries)), nil
	}
	head, _, err := b.d.Ledger.Head()
	return head + uint64(entries), err
}

// commit has the run be, with g as what shows it, and returns the generation that it replaces.
func (b *Building) commit(g *Generation, run store.Run, entries []store.Entry) (old *Generation, err error) {
	d := b.d
	d.commit.Lock()
	defer d.commit.Unlock()
	plan, err := b.catchUp(g, entries)
	if err != nil {
		return nil, errors.Join(err, g.close(), os.RemoveAll(d.generationDir(b.name)))
	}
	if b.copied != nil {
		run.Mailboxes = plan.Counts()
	}
	if _, err := d.Ledger.Commit(run, b.name, plan.Entries, plan.Write); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return d.cur.Swap(g), nil
}

func (b *Building) finish(seq uint64, info store.Info, entries []store.Entry) error {
	var keep error
	if old := b.d.cur.Load(); old != nil {
		keep = b.Store.KeepGone(old.Store, entries)
	} else { // a first load, or one in place of a generation that was lost: the log remembers who left
		keep = b.Store.KeepGoneOf(b.d.Ledger)
	}
	if keep != nil {
		return errors.Join(fmt.Errorf("finish generation %s: %w", b.name, keep), b.Abandon())
	}
	return b.seal(seq, info)
}

// seal makes everything durable, its name too, and the address book of it.
func (b *Building) seal(seq uint64, info store.Info) error {
	var g errgroup.Group
	g.Go(func() error { return b.People.Finish(seq) })
	g.Go(func() error { return b.Places.Finish(seq) })
	g.Go(func() error {
		if err := b.Store.Finish(seq, info); err != nil {
			return err
		}
		return b.book(seq)
	})
	err := g.Wait()
	if err == nil {
		err = errors.Join(durable.SyncDir(b.d.generationDir(b.name)), durable.SyncDir(b.d.Path("generations")))
	}
	if err != nil {
		return fmt.Errorf("finish generation %s: %w", b.name, err)
	}
	return nil
}

// book builds the address book from the finished store.
func (b *Building) book(seq uint64) error {
	st, err := store.OpenDirectory(b.d.Path("generations", b.name, "directory.db"))
	if err != nil {
		return err
	}
	book, err := index.CreateBook(b.d.Path("generations", b.name, "book"))
	if err == nil {
		if err = fillBook(context.Background(), st, book); err == nil { // past the last moment to turn back
			err = book.Finish(seq)
		} else {
			err = errors.Join(err, book.Abandon())
		}
	}
	return errors.Join(err, st.Close())
}

// put finishes the replacement of old by g, which the ledger names and which is in use already: a CURRENT that cannot be written is reported,
// and set right by the next Open.
func (d *Directory) put(g, old *Generation) error {
	err := d.nameCurrent(g.Name)
	if old == nil { // what could not be used goes too
		return errors.Join(err, d.sweep(g.Name))
	}
	return errors.Join(err, old.retire(), d.setAside(old.Name))
}
