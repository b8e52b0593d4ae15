package store

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

var (
	// attemptsBucket holds every run from its beginning, by number; the runs bucket has those that were committed.
	attemptsBucket = []byte("attempts")
	runningKey     = []byte("running")  // the number of the run under way
	awaitingKey    = []byte("awaiting") // the number of the run that awaits approval
	lookedKey      = []byte("looked")   // when the sources were last looked at
)

// maxAttempts is how many runs are remembered: some four years of daily runs.
const maxAttempts = 1500

// PutSyncRun records what is known of a run, durably.
func (l *Ledger) PutSyncRun(r annuaire.SyncRun) error {
	err := l.db.Update(func(tx *bolt.Tx) error { return putAttempt(tx, r) })
	if err != nil {
		return fmt.Errorf("record run %s: %w", r.ID, err)
	}
	return nil
}

func putAttempt(tx *bolt.Tx, r annuaire.SyncRun) error {
	n, err := strconv.ParseUint(r.ID, 10, 64)
	if err != nil {
		return fmt.Errorf("run id %q: %w", r.ID, err)
	}
	v, err := Encode(r)
	if err != nil {
		return err
	}
	if r.State == annuaire.RunAwaiting {
		if err := supersede(tx, n, r.Started); err != nil {
			return err
		}
	}
	b := tx.Bucket(attemptsBucket)
	err = errors.Join(b.Put(key(n), v), mark(tx, runningKey, r.State == annuaire.RunRunning, n), mark(tx, awaitingKey, r.State == annuaire.RunAwaiting, n))
	if err != nil || n <= maxAttempts {
		return err
	}
	return b.Delete(key(n - maxAttempts))
}

// mark keeps in name the number of the one run that is in a state.
func mark(tx *bolt.Tx, name []byte, is bool, n uint64) error {
	meta := tx.Bucket(metaBucket)
	if is {
		return meta.Put(name, key(n))
	}
	if bytes.Equal(meta.Get(name), key(n)) {
		return meta.Delete(name)
	}
	return nil
}

// attemptAt returns the run whose number a key of the meta bucket holds.
func attemptAt(tx *bolt.Tx, name []byte) (r annuaire.SyncRun, ok bool, err error) {
	n := tx.Bucket(metaBucket).Get(name)
	if n == nil || tx.Bucket(attemptsBucket) == nil {
		return r, false, nil
	}
	v := tx.Bucket(attemptsBucket).Get(n)
	if v == nil {
		return r, false, nil
	}
	return r, true, decodeAttempt(v, &r)
}

// supersede ends the run that awaits approval, other than n: what it compared with is no more, or a later one asks the same.
func supersede(tx *bolt.Tx, n uint64, now time.Time) error {
	r, ok, err := attemptAt(tx, awaitingKey)
	if err != nil || !ok || r.ID == RunID(n) {
		return err
	}
	r.State, r.Ended = annuaire.RunSuperseded, now
	return putAttempt(tx, r)
}

// Awaiting returns the run that awaits approval; ok is false when there is none.
func (l *Ledger) Awaiting() (r annuaire.SyncRun, ok bool, err error) {
	err = l.db.View(func(tx *bolt.Tx) error { r, ok, err = attemptAt(tx, awaitingKey); return err })
	return r, ok, err
}

// SyncRun returns a run by its id; ok is false when there is none, or none any more.
func (l *Ledger) SyncRun(id string) (r annuaire.SyncRun, ok bool, err error) {
	n, perr := strconv.ParseUint(id, 10, 64)
	if perr != nil || RunID(n) != id {
		return r, false, nil
	}
	err = l.db.View(func(tx *bolt.Tx) error {
		v := tx.Bucket(attemptsBucket).Get(key(n))
		if ok = v != nil; !ok {
			return nil
		}
		return decodeAttempt(v, &r)
	})
	return r, ok, err
}

// SyncRuns returns up to n runs, the newest first, that came before one ("": from the newest on).
func (l *Ledger) SyncRuns(before string, n int) (out []annuaire.SyncRun, err error) {
	out = []annuaire.SyncRun{}
	err = l.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket(attemptsBucket)
		if b == nil { // opened to read, and from before there were any
			return nil
		}
		c := b.Cursor()
		k, v := c.Last()
		if before != "" {
			last, err := strconv.ParseUint(before, 10, 64)
			if err != nil {
				return annuaire.Invalid("before", "« %s » n'est pas un numéro de passage", "%q is not the number of a run", before)
			}
			if k, _ = c.Seek(key(last)); k == nil {
				k, v = c.Last()
			} else {
				k, v = c.Prev()
			}
		}
		for ; k != nil && len(out) < n; k, v = c.Prev() {
			var r annuaire.SyncRun
			if err := decodeAttempt(v, &r); err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

func decodeAttempt(v []byte, r *annuaire.SyncRun) error {
	err := Decode(v, r)
	times := []*time.Time{&r.Started, &r.Ended, &r.Extract}
	for i := range r.Steps {
		times = append(times, &r.Steps[i].Started)
	}
	if r.Decision != nil {
		times = append(times, &r.Decision.At)
	}
	for _, t := range times { // they decode in the zone of the machine
		*t = t.UTC()
	}
	r.Steps, r.Files, r.Warnings = notNil(r.Steps), notNil(r.Files), notNil(r.Warnings)
	return err
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// commitAttempt ends the run that is being committed, in the same transaction, and one that awaited approval before it.
func commitAttempt(tx *bolt.Tx, run Run) error {
	n, err := strconv.ParseUint(run.ID, 10, 64)
	if err != nil {
		return fmt.Errorf("run id %q: %w", run.ID, err)
	}
	now := run.Started.Add(time.Duration(run.Seconds * float64(time.Second)))
	if v := tx.Bucket(attemptsBucket).Get(key(n)); v != nil {
		var r annuaire.SyncRun
		if err := decodeAttempt(v, &r); err != nil {
			return err
		}
		r.State, r.Ended = annuaire.RunPublished, now
		if run.Outcome == OutcomeUnchanged {
			r.State = annuaire.RunUnchanged
		}
		if err := putAttempt(tx, r); err != nil {
			return err
		}
	}
	return supersede(tx, n, now)
}

// EndInterrupted settles the run that was under way when a process ended: nobody else can hold the ledger. A run that had been
// committed has been so marked with it.
func (l *Ledger) EndInterrupted(now time.Time) error {
	return l.db.Update(func(tx *bolt.Tx) error {
		r, ok, err := attemptAt(tx, runningKey)
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
