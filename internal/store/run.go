package store

import (
	"fmt"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// Counts is what happened to the records of one kind.
type Counts = annuaire.Counts

// Outcome is how a run ended.
type Outcome string

// The outcomes of a run. Only a published one changes anything that readers see.
const (
	OutcomeLoaded    Outcome = "loaded"                      // first load, or a delta too large to apply in place: a new generation
	OutcomeApplied   Outcome = "applied"                     // delta applied in place
	OutcomeUnchanged Outcome = "unchanged"                   // nothing new
	OutcomeDryRun    Outcome = "dry_run"                     // reported, nothing written
	OutcomeAwaiting  Outcome = Outcome(annuaire.RunAwaiting) // the gate is closed: nothing changes until a person approves
)

// Run is the report of one sync. Its JSON is the contract of `annuaire sync --json`.
type Run struct {
	ID          string           `json:"run" cbor:"1,keyasint"`     // six digits, growing; "" for a dry run
	Extract     time.Time        `json:"extract" cbor:"2,keyasint"` // of the three PS files, UTC
	MailboxesAt time.Time        `json:"mailboxes_extract,omitzero" cbor:"3,keyasint"`
	Outcome     Outcome          `json:"outcome" cbor:"4,keyasint"`
	Rows        map[string]int64 `json:"rows" cbor:"5,keyasint"` // per file kind
	Rejected    int64            `json:"rejected" cbor:"6,keyasint"`
	Fallback    int64            `json:"windows_1252_rows" cbor:"7,keyasint"` // rows that were not UTF-8
	Orphans     map[string]int64 `json:"orphans" cbor:"8,keyasint"`           // rows of people absent from Personne_activite, per file kind
	Warnings    []string         `json:"warnings" cbor:"9,keyasint"`          // unknown columns, older sets left aside
	People      Counts           `json:"people" cbor:"10,keyasint"`
	Structures  Counts           `json:"structures" cbor:"11,keyasint"`
	Mailboxes   Counts           `json:"mailboxes" cbor:"12,keyasint"`
	Started     time.Time        `json:"started" cbor:"13,keyasint"`
	Seconds     float64          `json:"seconds" cbor:"14,keyasint"`
	Generation  string           `json:"generation" cbor:"15,keyasint"`
	Info        Info             `json:"-" cbor:"16,keyasint"`    // what the views show once they have caught up
	Gate        *annuaire.Gate   `json:"gate,omitempty" cbor:"-"` // kept with annuaire.SyncRun

	Departments map[string]Counts `json:"-" cbor:"17,keyasint,omitempty"` // people by département, of a difference; nil where it was not counted
}

// RunID is the name of the n-th run.
func RunID(n uint64) string { return fmt.Sprintf("%06d", n) }

// NextRun returns the id of the run that would come next: no number is given twice, were its run refused.
func (l *Ledger) NextRun() (id string, err error) {
	err = l.db.View(func(tx *bolt.Tx) error {
		last := uint64(0)
		for _, name := range [][]byte{runsBucket, attemptsBucket} {
			if b := tx.Bucket(name); b != nil {
				k, _ := b.Cursor().Last()
				last = max(last, number(k))
			}
		}
		id = RunID(last + 1)
		return nil
	})
	return
}

// LastRun returns the report of the last run, ok false when there is none.
func (l *Ledger) LastRun() (run Run, ok bool, err error) {
	err = l.db.View(func(tx *bolt.Tx) error {
		_, v := tx.Bucket(runsBucket).Cursor().Last()
		if v == nil {
			return nil
		}
		ok = true
		return Decode(v, &run)
	})
	run.Extract, run.MailboxesAt, run.Started = run.Extract.UTC(), run.MailboxesAt.UTC(), run.Started.UTC()
	run.Info = run.Info.utc()
	return run, ok, err
}

func putRun(tx *bolt.Tx, run Run) error {
	n, err := strconv.ParseUint(run.ID, 10, 64)
	if err != nil {
		return fmt.Errorf("run id %q: %w", run.ID, err)
	}
	v, err := Encode(run)
	if err != nil {
		return err
	}
	return tx.Bucket(runsBucket).Put(key(n), v)
}
