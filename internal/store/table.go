package store

import (
	"bytes"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// Table keeps records of one type by key, in annuaire.db. T is encoded as the other records are: fields with integer keys.
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

// DeleteEach removes the records whose key begins with prefix and that which, nil for all, chooses. It returns how many.
func (t Table[T]) DeleteEach(tx *Tx, prefix string, which func(key string, rec T) bool) (n int, err error) {
	var keys []string // nothing is removed from under a walk
	err = t.Each(tx, prefix, "", func(k string, rec T) (bool, error) {
		if which == nil || which(k, rec) {
			keys = append(keys, k)
		}
		return true, nil
	})
	for _, k := range keys {
		err = errors.Join(err, t.Delete(tx, k))
	}
	return len(keys), err
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
	return t.walk(tx, prefix, after, t.decoded(fn))
}

// All returns the records whose key begins with prefix, by key.
func (t Table[T]) All(tx *Tx, prefix string) (recs []T, err error) {
	err = t.Each(tx, prefix, "", func(_ string, rec T) (bool, error) {
		recs = append(recs, rec)
		return true, nil
	})
	return recs, err
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

// EachBack calls fn with the records whose key comes before one ("": from the last), the last first, until it returns false.
func (t Table[T]) EachBack(tx *Tx, before string, fn func(key string, rec T) (bool, error)) error {
	b := tx.tx.Bucket(t.bucket)
	if b == nil {
		return nil
	}
	c, take := b.Cursor(), t.decoded(fn)
	for k, v := lastBefore(c, before); k != nil; k, v = c.Prev() {
		if more, err := take(k, v); err != nil || !more {
			return err
		}
	}
	return nil
}

// lastBefore moves to the last key that comes before one, "" for the last of all.
func lastBefore(c *bolt.Cursor, key string) (k, v []byte) {
	if key == "" {
		return c.Last()
	}
	if k, _ := c.Seek([]byte(key)); k == nil {
		return c.Last()
	}
	return c.Prev()
}

// lastKey returns the greatest key, "" where there is none.
func (t Table[T]) lastKey(tx *Tx) string {
	b := tx.tx.Bucket(t.bucket)
	if b == nil {
		return ""
	}
	k, _ := b.Cursor().Last()
	return string(k)
}

func (t Table[T]) decoded(fn func(key string, rec T) (bool, error)) func(k, v []byte) (bool, error) {
	return func(k, v []byte) (bool, error) {
		var rec T
		if err := t.decode(v, &rec); err != nil {
			return false, err
		}
		return fn(string(k), rec)
	}
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

// given returns how many numbers Sequence has given.
func (t Table[T]) given(tx *Tx) uint64 {
	if b := tx.tx.Bucket(t.bucket); b != nil {
		return b.Sequence()
	}
	return 0
}

// Count returns how many records there are. It decodes none of them.
func (t Table[T]) Count(tx *Tx) int {
	b := tx.tx.Bucket(t.bucket)
	if b == nil {
		return 0
	}
	return b.Stats().KeyN
}
