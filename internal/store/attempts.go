package store

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"annuaire"
)

// attempts are all runs from their beginning, by runKey; the runs have those that were committed.
var attempts = NewTable[annuaire.SyncRun]("attempts")

// Keys of the meta bucket.
var (
	runningKey  = []byte("running")  // the runKey of the run under way
	awaitingKey = []byte("awaiting") // the runKey of the run that awaits approval
	lookedKey   = []byte("looked")   // when the sources were last looked at
)

// maxAttempts is how many runs are remembered: some four years of daily runs.
const maxAttempts = 1500

// PutSyncRun records what is known of a run, durably, with what the audit says of it.
func (l *Ledger) PutSyncRun(r annuaire.SyncRun, lines ...annuaire.AuditEvent) error {
	err := l.Update(func(tx *Tx) error {
		err := putAttempt(tx, r)
		for _, e := range lines {
			err = errors.Join(err, tx.Audit(e))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("record run %s: %w", r.ID, err)
	}
	return nil
}

func putAttempt(tx *Tx, r annuaire.SyncRun) error {
	k, err := runKey(r.ID)
	if err != nil {
		return err
	}
	if r.State == annuaire.RunAwaiting {
		if err := supersede(tx, r.ID, r.Started); err != nil {
			return err
		}
	}
	err = errors.Join(attempts.Put(tx, k, r), mark(tx, runningKey, r.State == annuaire.RunRunning, k), mark(tx, awaitingKey, r.State == annuaire.RunAwaiting, k))
	if n := number([]byte(k)); err == nil && n > maxAttempts {
		err = attempts.Delete(tx, string(key(n-maxAttempts)))
	}
	return err
}

// mark keeps in name the key of the one run that is in a state.
func mark(tx *Tx, name []byte, is bool, k string) error {
	meta := tx.tx.Bucket(metaBucket)
	if is {
		return meta.Put(name, []byte(k))
	}
	if bytes.Equal(meta.Get(name), []byte(k)) {
		return meta.Delete(name)
	}
	return nil
}

// marked returns the run that a key of the meta bucket names.
func marked(tx *Tx, name []byte) (r annuaire.SyncRun, ok bool, err error) {
	k := tx.tx.Bucket(metaBucket).Get(name)
	if k == nil {
		return r, false, nil
	}
	return attemptAt(tx, string(k))
}

// attemptAt returns the run at a key.
func attemptAt(tx *Tx, k string) (annuaire.SyncRun, bool, error) {
	r, ok, err := attempts.Get(tx, k)
	return listed(r), ok, err
}

// listed has the lists of a run be there, empty where it has none: that is how they are shown.
func listed(r annuaire.SyncRun) annuaire.SyncRun {
	r.Steps, r.Files, r.Warnings = notNil(r.Steps), notNil(r.Files), notNil(r.Warnings)
	return r
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// supersede ends the run that awaits approval, other than one: what it compared with is no more, or a later one asks the same.
func supersede(tx *Tx, by string, now time.Time) error {
	r, ok, err := marked(tx, awaitingKey)
	if err != nil || !ok || r.ID == by {
		return err
	}
	r.State, r.Ended = annuaire.RunSuperseded, now
	return putAttempt(tx, r)
}

// Awaiting returns the run that awaits approval; ok is false when there is none.
func (l *Ledger) Awaiting() (r annuaire.SyncRun, ok bool, err error) {
	err = l.View(func(tx *Tx) error { r, ok, err = marked(tx, awaitingKey); return err })
	return r, ok, err
}

// SyncRun returns a run by its id; ok is false when there is none, or none any more.
func (l *Ledger) SyncRun(id string) (r annuaire.SyncRun, ok bool, err error) {
	k, kerr := runKey(id)
	if kerr != nil || RunID(number([]byte(k))) != id {
		return r, false, nil
	}
	err = l.View(func(tx *Tx) error { r, ok, err = attemptAt(tx, k); return err })
	return r, ok, err
}

// SyncRuns returns up to n runs, the newest first, that came before one ("": from the newest on).
func (l *Ledger) SyncRuns(before string, n int) (out []annuaire.SyncRun, err error) {
	out = []annuaire.SyncRun{}
	from := ""
	if before != "" {
		if from, err = runKey(before); err != nil {
			return out, annuaire.Invalid("before", "« %s » n'est pas un numéro de passage", "%q is not the number of a run", before)
		}
	}
	err = l.View(func(tx *Tx) error {
		return attempts.EachBack(tx, from, func(_ string, r annuaire.SyncRun) (bool, error) {
			if len(out) < n {
				out = append(out, listed(r))
			}
			return len(out) < n, nil
		})
	})
	return out, err
}
