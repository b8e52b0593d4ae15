package directory

import (
	"errors"
	"fmt"

	"annuaire/internal/store"
)

// Peek opens a data directory to compare extracts with, as a dry run does: not a byte of it is written, and its indexes stay
// closed, since opening one writes. What it returns cannot be searched, checked or applied to. Several processes may peek at a
// time. An error other than CodeConflict says that only Open can make sense of it: it does not exist (os.ErrNotExist), or an
// interrupted run has to be made good first.
func Peek(dir string) (*Directory, error) {
	d := &Directory{dir: dir, peeks: true}
	var err error
	if d.Ledger, err = store.OpenLedgerReadOnly(d.Path("annuaire.db")); err != nil {
		return nil, held(dir, err)
	}
	if err := d.peek(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// peek opens what the ledger names.
func (d *Directory) peek() error {
	head, name, err := d.Ledger.Head()
	if err != nil || name == "" {
		d.reason.Store(nothingLoaded)
		return err
	}
	g := &Generation{Name: name}
	if g.Store, err = store.OpenDirectoryReadOnly(d.Path("generations", name, "directory.db")); err != nil {
		return err
	}
	d.cur.Store(g)
	seq, err := g.Store.Seq()
	if err == nil && seq != head {
		err = fmt.Errorf("directory.db stands at sequence %d, the ledger at %d", seq, head)
	}
	return err
}
