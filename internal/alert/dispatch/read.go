package dispatch

import (
	"context"

	"annuaire"
	"annuaire/internal/store"
)

// Alert returns an alert; CodeNotFound.
func (d *Desk) Alert(_ context.Context, who annuaire.Caller, id string) (a annuaire.Alert, err error) {
	if err := reads(who); err != nil {
		return a, err
	}
	return d.stored(id)
}

// stored is Alert for whoever was let in already.
func (d *Desk) stored(id string) (a annuaire.Alert, err error) {
	err = d.ledger.View(func(tx *store.Tx) error { a, err = read(tx, id); return err })
	return a, err
}

// List returns up to n alerts that came before one ("": from the newest), the newest first.
func (d *Desk) List(_ context.Context, who annuaire.Caller, before string, n int) (out []annuaire.Alert, err error) {
	if err := reads(who); err != nil {
		return nil, err
	}
	return d.newest(before, n, func(annuaire.Alert) bool { return true })
}

// newest returns up to n alerts that are wanted and came before one ("": from the newest), the newest first.
func (d *Desk) newest(before string, n int, want func(annuaire.Alert) bool) (out []annuaire.Alert, err error) {
	limit := tableKey(before)
	if before != "" && limit == "" {
		return nil, missing()
	}
	err = d.ledger.View(func(tx *store.Tx) error {
		return alerts.EachBack(tx, limit, func(_ string, a annuaire.Alert) (bool, error) {
			if want(a) && len(out) < n {
				out = append(out, a)
			}
			return len(out) < n, nil
		})
	})
	return out, err
}
