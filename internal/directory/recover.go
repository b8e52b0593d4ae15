package directory

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"annuaire/internal/durable"
)

// recover makes CURRENT and the views agree with the ledger, and removes what an interrupted run left.
func (d *Directory) recover() error {
	_, name, err := d.Ledger.Head()
	if err != nil {
		return err
	}
	if err := d.sweep(name); err != nil {
		return err
	}
	if name == "" {
		d.reason.Store(nothingLoaded)
		return nil
	}
	if err := d.nameCurrent(name); err != nil {
		return err
	}
	if _, err := os.Stat(d.generationDir(name)); errors.Is(err, os.ErrNotExist) {
		d.reason.Store(&absence{why: "generation " + name + " is missing: run annuaire sync to build it again"})
		return nil
	}
	g, err := d.openGeneration(name)
	if err == nil {
		if err = g.CatchUp(d.Ledger, nil); err != nil {
			err = errors.Join(err, g.close())
		}
	}
	if err != nil {
		d.reason.Store(&absence{"generation " + name + " cannot be used: run annuaire sync to build it again", err})
		return nil
	}
	d.cur.Store(g)
	return nil
}

// Downloads is how the names of folders in incoming/ begin that hold downloads: a part of one is worth going on with, and a run that
// awaits approval needs its files. They are those of sync/fetch, which bounds what they take.
const Downloads = "from-"

// sweep removes generations that the ledger does not name and what interrupted runs unpacked.
func (d *Directory) sweep(keep string) error {
	var errs []error
	for _, sub := range []string{"generations", "incoming"} {
		names, err := os.ReadDir(filepath.Join(d.dir, sub))
		if err != nil {
			return err
		}
		for _, n := range names {
			if sub == "generations" && (n.Name() == keep || strings.HasPrefix(n.Name(), keptPrefix)) || sub == "incoming" && strings.HasPrefix(n.Name(), Downloads) {
				continue
			}
			errs = append(errs, os.RemoveAll(filepath.Join(d.dir, sub, n.Name())))
		}
	}
	return errors.Join(errs...)
}

func (d *Directory) nameCurrent(name string) error {
	path := filepath.Join(d.dir, "CURRENT")
	if b, err := os.ReadFile(path); err == nil && strings.TrimSpace(string(b)) == name {
		return nil
	}
	return durable.WriteFile(path, []byte(name+"\n"))
}
