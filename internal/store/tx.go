package store

import (
	"errors"

	bolt "go.etcd.io/bbolt"
)

// Tx is one change of annuaire.db, all of it or nothing; in a View, one state of it. Valid during the call it is handed to.
type Tx struct{ tx *bolt.Tx }

// Update runs one change, durable when it returns nil. Changes wait for each other: fn does what it must and no more.
func (l *Ledger) Update(fn func(*Tx) error) error {
	return l.db.Update(func(tx *bolt.Tx) error { return fn(&Tx{tx}) })
}

// View runs fn on one state. It waits for nobody.
func (l *Ledger) View(fn func(*Tx) error) error {
	return l.db.View(func(tx *bolt.Tx) error { return fn(&Tx{tx}) })
}

// Append adds entries to the public log, in the transaction of their cause, and returns the new head.
func (t *Tx) Append(entries []Entry) (uint64, error) {
	seq, err := t.appendAfter(t.Head(), entries)
	if err != nil {
		return 0, err
	}
	return seq, t.setHead(seq)
}

// appendAfter writes entries to the log with the sequences that follow one, and returns the last of these. Who reads looks no further than
// the head, which stays where it is.
func (t *Tx) appendAfter(seq uint64, entries []Entry) (uint64, error) {
	log := t.tx.Bucket(logBucket)
	log.FillPercent = 1 // sequences only grow
	for i := range entries {
		seq++
		entries[i].Seq = seq
		v, err := Encode(entries[i])
		if err != nil {
			return 0, err
		}
		if err := errors.Join(log.Put(key(seq), v), putHistory(t.tx, entries[i])); err != nil {
			return 0, err
		}
	}
	return seq, nil
}

// Head returns the last sequence of the public log.
func (t *Tx) Head() uint64 { return number(t.tx.Bucket(metaBucket).Get(seqKey)) }

func (t *Tx) setHead(seq uint64) error { return t.tx.Bucket(metaBucket).Put(seqKey, key(seq)) }

// Generation returns the name of the generation published with the head or before it, "" before the first load.
func (t *Tx) Generation() string { return string(t.tx.Bucket(metaBucket).Get(generationKey)) }
