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

func keepRemoved(old, tx *store.Tx) (int, error) {
	var gone []annuaire.Delegation
	err := delegations.Each(tx, "", "", func(key string, d annuaire.Delegation) (bool, error) {
		_, there, err := delegations.Get(old, key)
		if err == nil && !there {
			gone = append(gone, d)
		}
		return true, err
	})
	for _, d := range gone {
		e := restorer.Event("delegation.remove", d.Mailbox)
		e.Why, e.Before = "removed since the backup", d
		err = errors.Join(err, forget(tx, d), tx.Audit(e))
	}
	return len(gone), err
}

// keepErased removes accounts that are there no more: nothing but an erasure removes one.
func keepErased(old, tx *store.Tx) (int, error) {
	var gone []string
	err := accounts.Each(tx, "", "", func(id string, _ annuaire.Account) (bool, error) {
		_, there, err := accounts.Get(old, id)
		if err == nil && !there {
			gone = append(gone, id)
		}
		return true, err
	})
	for _, id := range gone {
		e := restorer.Event("person.erase", id)
		e.Why = "erased since the backup"
		err = errors.Join(err, accounts.Delete(tx, id), staff.Delete(tx, id), termsTold.Delete(tx, id), tx.Audit(e))
	}
	if err != nil {
		return 0, err
	}
	// Who was told of a version of the terms since stays told.
	return len(gone), termsTold.Each(old, "", "", func(id, version string) (bool, error) { return true, termsTold.Put(tx, id, version) })
}
