package store

import (
	"fmt"
	"strconv"
	"time"

	"annuaire"
)

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
	People      annuaire.Counts  `json:"people" cbor:"10,keyasint"`
	Structures  annuaire.Counts  `json:"structures" cbor:"11,keyasint"`
	Mailboxes   annuaire.Counts  `json:"mailboxes" cbor:"12,keyasint"`
	Started     time.Time        `json:"started" cbor:"13,keyasint"`
	Seconds     float64          `json:"seconds" cbor:"14,keyasint"`
	Generation  string           `json:"generation" cbor:"15,keyasint"`
	Info        Info             `json:"-" cbor:"16,keyasint"`    // what the views show once they have caught up
	Gate        *annuaire.Gate   `json:"gate,omitempty" cbor:"-"` // kept with annuaire.SyncRun

	Departments map[string]annuaire.Counts `json:"-" cbor:"17,keyasint,omitempty"` // people by département, of a difference; nil where it was not counted
}

// runs are the reports of those that were committed, by runKey.
var runs = NewTable[Run]("runs")

// RunID is the name of the n-th run.
func RunID(n uint64) string { return fmt.Sprintf("%06d", n) }

// runKey is the key of a run, by which runs sort as their numbers do.
func runKey(id string) (string, error) {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return "", fmt.Errorf("run id %q: %w", id, err)
	}
	return string(key(n)), nil
}

// NextRun returns the id of the run that would come next: no number is given twice, were its run refused.
func (l *Ledger) NextRun() (id string, err error) {
	err = l.View(func(tx *Tx) error {
		id = RunID(number([]byte(max(runs.lastKey(tx), attempts.lastKey(tx)))) + 1)
		return nil
	})
	return id, err
}

// LastRun returns the report of the last run, ok false when there is none.
func (l *Ledger) LastRun() (run Run, ok bool, err error) {
	last, err := l.LatestRuns(1)
	if len(last) > 0 {
		run, ok = last[0], true
	}
	return run, ok, err
}

// LatestRuns returns the reports of up to n runs, the latest first.
func (l *Ledger) LatestRuns(n int) (out []Run, err error) {
	err = l.View(func(tx *Tx) error {
		return runs.EachBack(tx, "", func(_ string, r Run) (bool, error) {
			if len(out) < n {
				out = append(out, r)
			}
			return len(out) < n, nil
		})
	})
	return out, err
}

func putRun(tx *Tx, run Run) error {
	k, err := runKey(run.ID)
	if err != nil {
		return err
	}
	return runs.Put(tx, k, run)
}
