package directory

import (
	"errors"

	"annuaire"
	"annuaire/internal/store"
)

// Snapshot calls fn with a state of the ledger and of the records that belong together: the records are those of the generation the
// ledger names, at its head or behind it, so that they can catch up. records is nil when there is no generation to read. Nobody waits for it.
func (d *Directory) Snapshot(fn func(ledger, records *store.Snapshot) error) error {
	for range 5 { // a generation may be replaced in between
		done, err := d.trySnapshot(fn)
		if done || err != nil {
			return err
		}
	}
	return annuaire.Errorf(annuaire.CodeConflict, "backup", "les générations se succèdent trop vite : réessayez", "generations follow each other too fast: try again", nil)
}

func (d *Directory) trySnapshot(fn func(ledger, records *store.Snapshot) error) (done bool, err error) {
	err = d.Use(func(g *Generation) (err error) {
		var records *store.Snapshot
		if g != nil { // the records first: the log may be ahead of them, not behind
			if records, err = g.Store.Snapshot(); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, records.Close()) }()
		}
		ledger, err := d.Ledger.Snapshot()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, ledger.Close()) }()
		if g != nil && ledger.Generation() != g.Name {
			return nil
		}
		done = true
		return fn(ledger, records)
	})
	return done, err
}
