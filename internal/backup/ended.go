package backup

import (
	"errors"

	"annuaire/internal/notify"
	"annuaire/internal/registry"
	"annuaire/internal/store"
)

// keepEnded ends, in what is restored, what was ended since the backup: a restore must not let anybody in again. Messages that were sent since are
// not sent once more.
func (r replaced) keepEnded(to *store.Ledger) error {
	if r.ledger == nil {
		return nil
	}
	_, err := registry.KeepEnded(r.ledger, to)
	return errors.Join(err, notify.KeepSent(r.ledger, to))
}
