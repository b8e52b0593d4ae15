package notify

import "annuaire/internal/store"

// KeepSent drops, from what is restored of a backup, the messages that wait no more in the ledger that is replaced: they were sent since, or given
// up.
func KeepSent(from, to *store.Ledger) error {
	waiting := map[string]bool{}
	if err := from.View(func(tx *store.Tx) error {
		return outbox.Each(tx, "", "", func(_ string, q queued) (bool, error) { waiting[q.ID] = true; return true, nil })
	}); err != nil {
		return err
	}
	return to.Update(func(tx *store.Tx) error {
		_, err := outbox.DeleteEach(tx, "", func(_ string, q queued) bool { return !waiting[q.ID] })
		return err
	})
}
