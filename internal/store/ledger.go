package store

import (
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

const ledgerFormat = 1

var (
	logBucket     = []byte("log")
	generationKey = []byte("generation")
)

// Entry is one change of one record. Record is its new stored form, nil when it is gone, so that a view that was lost or is
// late is brought up to date from the log alone.
type Entry struct {
	Seq    uint64            `cbor:"1,keyasint"`
	Run    string            `cbor:"2,keyasint"`
	Time   time.Time         `cbor:"3,keyasint"` // of the extract, UTC
	Kind   annuaire.Kind     `cbor:"4,keyasint"`
	Op     annuaire.ChangeOp `cbor:"5,keyasint"`
	ID     string            `cbor:"6,keyasint"`
	Record []byte            `cbor:"7,keyasint,omitempty"`
	Print  Print             `cbor:"8,keyasint"`
	People []string          `cbor:"9,keyasint,omitempty"` // of a mailbox: its holders before and after, whose answers change too
}

// Ledger is annuaire.db: the change log and the runs. One process holds it at a time.
type Ledger struct{ db *bolt.DB }

// OpenLedger opens or creates the ledger at path. CodeConflict when another process holds it, CodeInvalid for a format
// that is not ours.
func OpenLedger(path string) (*Ledger, error) {
	db, err := openBolt(path, ledgerShape, bolt.Options{})
	if err != nil {
		return nil, err
	}
	l := &Ledger{db: db}
	if err := l.fillHistory(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return l, nil
}

// Close releases the file.
func (l *Ledger) Close() error { return l.db.Close() }

// Head returns the last sequence appended and the generation published with it or before it ("" before the first load).
func (l *Ledger) Head() (seq uint64, generation string, err error) {
	err = l.db.View(func(tx *bolt.Tx) error {
		m := tx.Bucket(metaBucket)
		seq, generation = number(m.Get(seqKey)), string(m.Get(generationKey))
		return nil
	})
	return
}

// chunk bounds the memory of one transaction of a large append.
const chunk = 20_000

// Commit appends what a run changed, its report, and the generation that shows it, as one fact: entries come in chunks
// beyond the head, where nobody looks, and one last transaction moves the head over them. A crash before that leaves
// nothing. The entries get the sequences that follow the head; the new head is returned. with is what else is written in that last transaction.
// Whoever appends in another way (Tx.Append) has to wait meanwhile.
func (l *Ledger) Commit(run Run, generation string, entries []Entry, with ...func(*Tx) error) (uint64, error) {
	seq, _, err := l.Head()
	if err != nil {
		return 0, err
	}
	for start := 0; start < len(entries); start += chunk {
		part := entries[start:min(start+chunk, len(entries))]
		err := l.Update(func(tx *Tx) (err error) {
			seq, err = tx.appendAfter(seq, part)
			return err
		})
		if err != nil {
			return 0, fmt.Errorf("append to the log: %w", err)
		}
	}
	err = l.Update(func(tx *Tx) error {
		for _, fn := range with {
			if err := fn(tx); err != nil {
				return err
			}
		}
		return errors.Join(putRun(tx, run), commitAttempt(tx, run), tx.tx.Bucket(metaBucket).Put(generationKey, []byte(generation)), tx.setHead(seq))
	})
	return seq, err
}

// Since calls fn with the entries after seq, in order, up to the head.
func (l *Ledger) Since(seq uint64, fn func(Entry) error) error {
	return l.db.View(func(tx *bolt.Tx) error {
		head := number(tx.Bucket(metaBucket).Get(seqKey))
		c := tx.Bucket(logBucket).Cursor()
		for k, v := c.Seek(key(seq + 1)); k != nil && number(k) <= head; k, v = c.Next() {
			var e Entry
			if err := Decode(v, &e); err != nil {
				return err
			}
			if err := fn(e); err != nil {
				return err
			}
		}
		return nil
	})
}
