package store

import (
	"bytes"
	"errors"
	"fmt"

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
	m, log := t.tx.Bucket(metaBucket), t.tx.Bucket(logBucket)
	log.FillPercent = 1 // sequences only grow
	seq := number(m.Get(seqKey))
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
	return seq, m.Put(seqKey, key(seq))
}

// Head returns the last sequence of the public log.
func (t *Tx) Head() uint64 { return number(t.tx.Bucket(metaBucket).Get(seqKey)) }

// Generation returns the name of the generation published with the head or before it, "" before the first load.
func (t *Tx) Generation() string { return string(t.tx.Bucket(metaBucket).Get(generationKey)) }

// Table keeps records of one type by key, in annuaire.db. T is encoded as the other records are: fields with integer keys. Its times
// decode in the zone of the machine.
type Table[T any] struct{ bucket []byte }

// NewTable names a table; nothing else of annuaire.db may have the name.
func NewTable[T any](name string) Table[T] { return Table[T]{[]byte(name)} }

// Get returns the record at key.
func (t Table[T]) Get(tx *Tx, key string) (rec T, ok bool, err error) {
	b := tx.tx.Bucket(t.bucket)
	if b == nil {
		return rec, false, nil
	}
	v := b.Get([]byte(key))
	if v == nil {
		return rec, false, nil
	}
	return rec, true, t.decode(v, &rec)
}

// Put adds or replaces the record at key.
func (t Table[T]) Put(tx *Tx, key string, rec T) error {
	v, err := Encode(rec)
	if err != nil {
		return err
	}
	b, err := tx.tx.CreateBucketIfNotExists(t.bucket)
	if err != nil {
		return err
	}
	return b.Put([]byte(key), v)
}

// Delete removes the record at key; that there is none is no error.
func (t Table[T]) Delete(tx *Tx, key string) error {
	if b := tx.tx.Bucket(t.bucket); b != nil {
		return b.Delete([]byte(key))
	}
	return nil
}

// Clear removes every record; the numbers of Sequence begin anew.
func (t Table[T]) Clear(tx *Tx) error {
	if tx.tx.Bucket(t.bucket) == nil {
		return nil
	}
	return tx.tx.DeleteBucket(t.bucket)
}

// Each calls fn with the records whose key begins with prefix and comes after one ("": from the first), by key, until it returns false.
// fn changes nothing.
func (t Table[T]) Each(tx *Tx, prefix, after string, fn func(key string, rec T) (bool, error)) error {
	return t.walk(tx, prefix, after, func(k, v []byte) (bool, error) {
		var rec T
		if err := t.decode(v, &rec); err != nil {
			return false, err
		}
		return fn(string(k), rec)
	})
}

// Keys is Each for the keys alone.
func (t Table[T]) Keys(tx *Tx, prefix, after string, fn func(key string) (bool, error)) error {
	return t.walk(tx, prefix, after, func(k, _ []byte) (bool, error) { return fn(string(k)) })
}

func (t Table[T]) walk(tx *Tx, prefix, after string, fn func(k, v []byte) (bool, error)) error {
	b := tx.tx.Bucket(t.bucket)
	if b == nil {
		return nil
	}
	from := prefix
	if after >= prefix && after != "" {
		from = after + "\x00"
	}
	c := b.Cursor()
	for k, v := c.Seek([]byte(from)); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, v = c.Next() {
		if more, err := fn(k, v); err != nil || !more {
			return err
		}
	}
	return nil
}

func (t Table[T]) decode(v []byte, rec *T) error {
	if err := Decode(v, rec); err != nil {
		return fmt.Errorf("%s: %w", t.bucket, err)
	}
	return nil
}

// Sequence returns the next number of a table, from 1.
func (t Table[T]) Sequence(tx *Tx) (uint64, error) {
	b, err := tx.tx.CreateBucketIfNotExists(t.bucket)
	if err != nil {
		return 0, err
	}
	return b.NextSequence()
}
