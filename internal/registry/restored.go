package registry

import (
	"errors"

	"annuaire"
	"annuaire/internal/store"
)

// KeepEnded has what is restored from a backup go by what was ended since: delegations that were removed and accounts that were erased are not
// there again, and what people were told meanwhile is not told once more. from is the ledger that is replaced. It returns how many delegations
// and accounts it removed; each is in the audit.
func KeepEnded(from, to *store.Ledger) (ended int, err error) {
	err = from.View(func(old *store.Tx) error {
		return to.Update(func(tx *store.Tx) error {
			n, err := keepRemoved(old, tx)
			if err != nil {
				return err
			}
			m, err := keepErased(old, tx)
			ended = n + m
			return err
		})
	})
	return ended, err
}

// restorer is whom the audit names for it.
var restorer = annuaire.Caller{ID: "restore", From: "local"}

// notIn returns the records of a table that old does not have.
func notIn[T any](old, tx *store.Tx, t store.Table[T]) (gone []T, err error) {
	err = t.Each(tx, "", "", func(key string, rec T) (bool, error) {
		_, there, err := t.Get(old, key)
		if err == nil && !there {
			gone = append(gone, rec)
		}
		return true, err
	})
	return gone, err
}

func keepRemoved(old, tx *store.Tx) (int, error) {
	gone, err := notIn(old, tx, delegations)
	for _, d := range gone {
		e := restorer.Event("delegation.remove", d.Mailbox)
		e.Why, e.Before = "removed since the backup", d
		err = errors.Join(err, forget(tx, d), tx.Audit(e))
	}
	return len(gone), err
}

// keepErased removes accounts that are there no more: nothing but an erasure removes one.
func keepErased(old, tx *store.Tx) (int, error) {
	gone, err := notIn(old, tx, accounts)
	for _, a := range gone {
		e := restorer.Event("person.erase", a.ID)
		e.Why = "erased since the backup"
		err = errors.Join(err, accounts.Delete(tx, a.ID), staff.Delete(tx, a.ID), termsTold.Delete(tx, a.ID), tx.Audit(e))
	}
	if err != nil {
		return 0, err
	}
	// Who was told of a version of the terms since stays told.
	return len(gone), termsTold.Each(old, "", "", func(id, version string) (bool, error) { return true, termsTold.Put(tx, id, version) })
}
