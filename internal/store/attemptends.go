package store

import (
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// commitAttempt ends the run that is being committed, in the same transaction, and one that awaited approval before it.
func commitAttempt(tx *Tx, run Run) error {
	k, err := runKey(run.ID)
	if err != nil {
		return err
	}
	r, ok, err := attemptAt(tx, k)
	if err != nil {
		return err
	}
	now := run.Started.Add(time.Duration(run.Seconds * float64(time.Second)))
	if ok {
		r.State, r.Ended = annuaire.RunPublished, now
		if run.Outcome == OutcomeUnchanged {
			r.State = annuaire.RunUnchanged
		}
		if err := putAttempt(tx, r); err != nil {
			return err
		}
	}
	return supersede(tx, run.ID, now)
}

// EndInterrupted settles the run that was under way when a process ended: nobody else can hold the ledger. A run that had been
// committed has been so marked with it.
func (l *Ledger) EndInterrupted(now time.Time) error {
	return l.Update(func(tx *Tx) error {
		r, ok, err := marked(tx, runningKey)
		if err != nil || !ok {
			return err
		}
		r.State, r.Ended = annuaire.RunInterrupted, now
		return putAttempt(tx, r)
	})
}

// SetLooked records when the sources were last looked at, whatever came of it.
func (l *Ledger) SetLooked(at time.Time) error {
	return l.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(metaBucket).Put(lookedKey, key(uint64(at.Unix()))) })
}

// Looked returns when the sources were last looked at, zero if they never were.
func (l *Ledger) Looked() (at time.Time, err error) {
	err = l.db.View(func(tx *bolt.Tx) error {
		if v := tx.Bucket(metaBucket).Get(lookedKey); v != nil {
			at = time.Unix(int64(number(v)), 0).UTC()
		}
		return nil
	})
	return at, err
}
