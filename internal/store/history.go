package store

import (
	"bytes"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// historyBucket tells which entries of the log are about a record: its kind and id, each ended by NUL, then the sequence.
var historyBucket = []byte("history")

func historyKey(k annuaire.Kind, id string) []byte {
	return append(append(append([]byte(k), 0), id...), 0)
}

func putHistory(tx *bolt.Tx, e Entry) error {
	return tx.Bucket(historyBucket).Put(append(historyKey(e.Kind, e.ID), key(e.Seq)...), nil)
}

// History returns the entries about a record, oldest first: none for what came with the first load and has not changed since.
func (l *Ledger) History(kind annuaire.Kind, id string) (out []Entry, err error) {
	err = l.db.View(func(tx *bolt.Tx) error {
		head, log, prefix := number(tx.Bucket(metaBucket).Get(seqKey)), tx.Bucket(logBucket), historyKey(kind, id)
		c := tx.Bucket(historyBucket).Cursor()
		for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
			seq := k[len(prefix):]
			if len(seq) != 8 || number(seq) > head { // of a commit that did not end
				continue
			}
			var e Entry
			if err := Decode(log.Get(seq), &e); err != nil {
				return err
			}
			if e.Kind != kind || e.ID != id { // the sequence was given again after a commit that did not end
				continue
			}
			out = append(out, e)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return out, nil
}

// Load returns the entry of the last first load; ok is false when there was none.
func (l *Ledger) Load() (e Entry, ok bool, err error) {
	err = l.db.View(func(tx *bolt.Tx) error {
		prefix := append([]byte(annuaire.KindLoad), 0)
		c := tx.Bucket(historyBucket).Cursor()
		for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
			v := tx.Bucket(logBucket).Get(k[len(k)-8:])
			if v == nil || number(k[len(k)-8:]) > number(tx.Bucket(metaBucket).Get(seqKey)) {
				continue
			}
			if err := Decode(v, &e); err != nil {
				return err
			}
			ok = e.Kind == annuaire.KindLoad
		}
		return nil
	})
	return e, ok, err
}

// fillHistory makes the history of a log from before there was one.
func (l *Ledger) fillHistory() error {
	var head, kept uint64
	err := l.db.View(func(tx *bolt.Tx) error {
		head = number(tx.Bucket(metaBucket).Get(seqKey))
		if k, _ := tx.Bucket(historyBucket).Cursor().First(); k != nil {
			kept = 1
		}
		return nil
	})
	if err != nil || head == 0 || kept > 0 {
		return err
	}
	var part []Entry
	put := func() error {
		err := l.db.Update(func(tx *bolt.Tx) error {
			for _, e := range part {
				if err := putHistory(tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		part = part[:0]
		return err
	}
	var all []Entry
	if err := l.Since(0, func(e Entry) error {
		e.Record = nil
		all = append(all, e)
		return nil
	}); err != nil {
		return err
	}
	for _, e := range all {
		if part = append(part, e); len(part) == chunk {
			if err := put(); err != nil {
				return err
			}
		}
	}
	return put()
}
