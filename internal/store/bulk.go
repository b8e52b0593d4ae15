package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// Bulk builds a directory.db from nothing. Records must come by ascending id within a kind, and stay as they are until Flush or Finish; nothing is durable before
// Finish, and a file without Finish is refused by nobody but named by nobody either: the ledger names a generation only once
// it is finished.
type Bulk struct {
	db      *bolt.DB
	tx      *bolt.Tx
	left    int
	holders []string // keys of the holders' boxes, written in order at the end
}

// bulkChunk is the number of records per transaction: enough to amortise the commit, few enough to bound memory.
const bulkChunk = 50_000

// CreateDirectory starts a new directory.db at path, which must not exist.
func CreateDirectory(path string) (*Bulk, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fmt.Errorf("create %s: %w", path, os.ErrExist)
	}
	db, err := openBolt(path, viewShape, bolt.Options{NoSync: true, NoGrowSync: true})
	if err != nil {
		return nil, err
	}
	return &Bulk{db: db}, nil
}

// PutPerson adds a professional in stored form.
func (b *Bulk) PutPerson(id string, record []byte, p Print) error {
	return b.put(annuaire.KindPerson, id, record, p)
}

// PutStructure adds a structure in stored form.
func (b *Bulk) PutStructure(id string, record []byte, p Print) error {
	return b.put(annuaire.KindStructure, id, record, p)
}

// PutMailbox adds a mailbox in stored form; of m it needs the address, the owners and what its place among their boxes depends on.
func (b *Bulk) PutMailbox(m annuaire.Mailbox, record []byte, p Print) error {
	for _, h := range m.Owners {
		b.holders = append(b.holders, string(holderKey(h, m)))
	}
	return b.put(annuaire.KindMailbox, m.Address, record, p)
}

func (b *Bulk) put(kind annuaire.Kind, id string, record []byte, p Print) error {
	if err := b.begin(); err != nil {
		return err
	}
	records, prints := b.tx.Bucket(recordsBucket(kind)), b.tx.Bucket(printsBucket(kind))
	records.FillPercent, prints.FillPercent = 0.98, 0.98 // ids come in order; leave a little room for the daily deltas
	return errors.Join(records.Put([]byte(id), record), prints.Put([]byte(id), p.bytes()))
}

// begin makes room for one more record in a transaction.
func (b *Bulk) begin() (err error) {
	if b.left == 0 || b.tx == nil {
		if err := b.commit(); err != nil {
			return err
		}
		if b.tx, err = b.db.Begin(true); err != nil {
			return err
		}
		b.left = bulkChunk
	}
	b.left--
	return nil
}

// Flush writes what was put so far: records may then change where they were read from.
func (b *Bulk) Flush() error {
	b.left = 0
	return b.commit()
}

// putHolders writes what PutMailbox gathered: bbolt splits a page at commit only, so that keys out of order are slow.
func (b *Bulk) putHolders() error {
	slices.Sort(b.holders)
	for _, k := range b.holders {
		if err := b.begin(); err != nil {
			return err
		}
		bucket := b.tx.Bucket(holdersBucket)
		bucket.FillPercent = 0.98
		if err := bucket.Put([]byte(k), nil); err != nil {
			return err
		}
	}
	b.holders = nil
	return b.commit()
}

func (b *Bulk) commit() error {
	if b.tx == nil {
		return nil
	}
	tx := b.tx
	b.tx = nil
	return tx.Commit()
}

// KeepGone copies the list of people known to have left from the directory that this one replaces, then marks those whom
// the entries of the same run remove or bring back.
func (b *Bulk) KeepGone(old *Directory, entries []Entry) error {
	if err := b.commit(); err != nil {
		return err
	}
	b.left = 0
	return b.db.Update(func(tx *bolt.Tx) error {
		gone := tx.Bucket(goneBucket)
		err := old.db.View(func(from *bolt.Tx) error {
			return from.Bucket(goneBucket).ForEach(func(k, v []byte) error { return gone.Put(k, bytes.Clone(v)) }) // old may change before this is written
		})
		for _, e := range entries {
			if e.Kind == annuaire.KindPerson {
				err = errors.Join(err, markGone(gone, e))
			}
		}
		return err
	})
}

// KeepGoneOf marks the people whom the log says have left and whom this directory does not have.
func (b *Bulk) KeepGoneOf(log *Ledger) error {
	if err := b.commit(); err != nil {
		return err
	}
	b.left = 0
	return b.db.Update(func(tx *bolt.Tx) error {
		gone, people := tx.Bucket(goneBucket), tx.Bucket(peopleBucket)
		err := log.eachLeft(func(id, at []byte) error { // from before what the log still has
			if people.Get(id) != nil {
				return nil
			}
			return gone.Put(id, bytes.Clone(at))
		})
		if err != nil {
			return err
		}
		return log.Since(0, func(e Entry) error {
			if e.Kind != annuaire.KindPerson || people.Get([]byte(e.ID)) != nil {
				return nil
			}
			return markGone(gone, e)
		})
	})
}

// Finish makes the directory durable and closes it.
func (b *Bulk) Finish(seq uint64, info Info) error {
	if err := b.putHolders(); err != nil {
		return err
	}
	err := b.db.Update(func(tx *bolt.Tx) error { return setInfo(tx, seq, info) })
	return errors.Join(err, b.db.Sync(), b.db.Close())
}

// Abandon closes an unfinished directory; its files are the caller's to remove.
func (b *Bulk) Abandon() error {
	if b.tx != nil {
		_ = b.tx.Rollback()
		b.tx = nil
	}
	return b.db.Close()
}
