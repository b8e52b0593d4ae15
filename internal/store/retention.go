package store

import (
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// leftBucket remembers, of the part of the log that was dropped, who had left: id -> time of the extract without them.
var leftBucket = []byte("left")

// gapsKey holds the ranges of sequences that were given away and taken back by a restore.
var gapsKey = []byte("gaps")

// Gap is a range of sequences that stand for nothing: a backup was restored whose head was From, and the log went on after To, so that
// a cursor from the history that was lost is told apart from one of this history.
type Gap struct {
	From uint64 `cbor:"1,keyasint"`
	To   uint64 `cbor:"2,keyasint"`
}

// Window is the part of the log that is kept.
type Window struct {
	Oldest uint64 // the first sequence kept; Head+1 when nothing is
	Head   uint64
	Gaps   []Gap
}

// Holds reports whether whoever has everything up to since can go on from there without missing anything.
func (w Window) Holds(since uint64) bool {
	if since > w.Head || since+1 < w.Oldest {
		return false
	}
	for _, g := range w.Gaps {
		if g.From < since && since < g.To {
			return false
		}
	}
	return true
}

// Window returns the part of the log that is kept.
func (l *Ledger) Window() (w Window, err error) {
	err = l.db.View(func(tx *bolt.Tx) error {
		m := tx.Bucket(metaBucket)
		w.Head = number(m.Get(seqKey))
		w.Oldest = w.Head + 1
		if k, _ := tx.Bucket(logBucket).Cursor().First(); k != nil {
			w.Oldest = min(w.Oldest, number(k))
		}
		if v := m.Get(gapsKey); v != nil {
			return Decode(v, &w.Gaps)
		}
		return nil
	})
	return w, err
}

// Prune drops the entries at the beginning of the log whose extract is older than before, none above the sequence upTo, and returns
// how many. Who left stays known. What was committed can be read as before, from later on.
func (l *Ledger) Prune(before time.Time, upTo uint64) (dropped int, err error) {
	for {
		n, err := l.pruneSome(before, upTo)
		dropped += n
		if err != nil {
			return dropped, fmt.Errorf("prune the log: %w", err)
		}
		if n < chunk {
			return dropped, nil
		}
	}
}

// pruneSome drops one transaction's worth.
func (l *Ledger) pruneSome(before time.Time, upTo uint64) (n int, err error) {
	old, err := l.oldEntries(before, upTo)
	if err != nil || len(old) == 0 {
		return 0, err
	}
	err = l.db.Update(func(tx *bolt.Tx) error {
		log, history, left := tx.Bucket(logBucket), tx.Bucket(historyBucket), tx.Bucket(leftBucket)
		for _, e := range old {
			err := errors.Join(log.Delete(key(e.Seq)), history.Delete(append(historyKey(e.Kind, e.ID), key(e.Seq)...)))
			if e.Kind == annuaire.KindPerson {
				err = errors.Join(err, markGone(left, e))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return len(old), err
}

func (l *Ledger) oldEntries(before time.Time, upTo uint64) (old []Entry, err error) {
	err = l.db.View(func(tx *bolt.Tx) error {
		head := number(tx.Bucket(metaBucket).Get(seqKey))
		c := tx.Bucket(logBucket).Cursor()
		for k, v := c.First(); k != nil && number(k) <= min(head, upTo) && len(old) < chunk; k, v = c.Next() {
			var e Entry
			if err := Decode(v, &e); err != nil {
				return err
			}
			if !e.Time.Before(before) {
				return nil
			}
			e.Record, e.People = nil, nil
			old = append(old, e)
		}
		return nil
	})
	return old, err
}

// eachLeft calls fn with everyone whom the dropped part of the log knew to have left.
func (l *Ledger) eachLeft(fn func(id, at []byte) error) error {
	return l.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket(leftBucket)
		if b == nil { // a file opened read-only from before there was one
			return nil
		}
		return b.ForEach(fn)
	})
}

// Reseat makes generation the one in use and has the log go on after seq, which is at least its head: what a restore does, so that
// no sequence is ever given twice for different changes.
func (l *Ledger) Reseat(generation string, seq uint64) error {
	return l.db.Update(func(tx *bolt.Tx) error {
		m := tx.Bucket(metaBucket)
		head := number(m.Get(seqKey))
		if seq < head {
			return fmt.Errorf("reseat: sequence %d is before the head %d", seq, head)
		}
		if seq > head {
			var gaps []Gap
			if v := m.Get(gapsKey); v != nil {
				if err := Decode(v, &gaps); err != nil {
					return err
				}
			}
			v, err := Encode(append(gaps, Gap{From: head, To: seq}))
			if err != nil {
				return err
			}
			if err := m.Put(gapsKey, v); err != nil {
				return err
			}
		}
		if err := dropBeyond(tx.Bucket(logBucket), head); err != nil {
			return err
		}
		return errors.Join(m.Put(generationKey, []byte(generation)), m.Put(seqKey, key(seq)))
	})
}

// dropBeyond removes the entries of a commit that did not end: the head is about to move over their sequences.
func dropBeyond(log *bolt.Bucket, head uint64) error {
	var keys [][]byte
	c := log.Cursor()
	for k, _ := c.Seek(key(head + 1)); k != nil; k, _ = c.Next() {
		keys = append(keys, append([]byte(nil), k...))
	}
	for _, k := range keys {
		if err := log.Delete(k); err != nil {
			return err
		}
	}
	return nil
}
