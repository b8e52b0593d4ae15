package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
	"annuaire/internal/durable"
	"annuaire/internal/store"
)

const (
	format    = 1
	chunkSize = 512 // recipients in one record
)

var (
	metaBucket  = []byte("meta")
	listBucket  = []byte("list")  // number of a chunk -> its recipients
	stateBucket = []byte("state") // number of a recipient -> its status
	metaKey     = []byte("meta")
	flightKey   = []byte("flight") // numbers of the messages in flight, 4 bytes each
)

func key(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

// Create writes a list to path, atomically: a file that is there is replaced, one that is not whole is never seen. Recipients come in the
// byte order of their addresses, each once; CodeInternal otherwise: the list would not be what its hash says.
func Create(path, alert string, at time.Time, list iter.Seq2[Recipient, error]) (m Meta, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return m, err
	}
	tmp := path + ".new"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return m, err
	}
	defer os.Remove(tmp)
	db, err := bolt.Open(tmp, 0o600, &bolt.Options{Timeout: time.Second, NoSync: true, NoFreelistSync: true, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return m, fmt.Errorf("recipients: %w", err)
	}
	m = Meta{Format: format, Alert: alert, At: at}
	if err = fill(db, &m, list); err == nil {
		err = db.Sync()
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return m, err
	}
	return m, durable.Rename(tmp, path)
}

// perTx bounds the memory of one transaction, in chunks.
const perTx = 100

func fill(db *bolt.DB, m *Meta, list iter.Seq2[Recipient, error]) error {
	w := writer{db: db}
	h, last := NewHasher(), ""
	for r, err := range list {
		if err != nil {
			return err
		}
		if m.Count > 0 && r.Address <= last {
			return annuaire.Errorf(annuaire.CodeInternal, "recipients", "liste des destinataires en désordre", "list of recipients out of order", nil)
		}
		last = r.Address
		h.Add(r.Address)
		m.Count++
		if r.RedListed {
			m.RedListed++
		}
		if err := w.add(r); err != nil {
			return err
		}
	}
	m.Hash = h.Sum()
	return w.end(*m)
}

// writer writes chunks, many to a transaction.
type writer struct {
	db    *bolt.DB
	tx    *bolt.Tx
	chunk []Recipient
	n     uint32
}

func (w *writer) add(r Recipient) error {
	if w.chunk = append(w.chunk, r); len(w.chunk) < chunkSize {
		return nil
	}
	return w.flush()
}

func (w *writer) flush() (err error) {
	if w.tx == nil {
		if w.tx, err = w.db.Begin(true); err != nil {
			return err
		}
	}
	b, err := w.tx.CreateBucketIfNotExists(listBucket)
	if err != nil {
		return errors.Join(err, w.tx.Rollback())
	}
	b.FillPercent = 1 // numbers only grow
	v, err := store.Encode(w.chunk)
	if err == nil {
		err = b.Put(key(w.n), v)
	}
	if err != nil {
		return errors.Join(err, w.tx.Rollback())
	}
	w.n, w.chunk = w.n+1, w.chunk[:0]
	if w.n%perTx == 0 {
		err, w.tx = w.tx.Commit(), nil
	}
	return err
}

func (w *writer) end(m Meta) error {
	if err := w.flush(); err != nil { // an empty last chunk does no harm, and makes the bucket
		return err
	}
	if w.tx != nil {
		if err := w.tx.Commit(); err != nil {
			return err
		}
	}
	return w.db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucket(metaBucket)
		if err != nil {
			return err
		}
		_, err = tx.CreateBucket(stateBucket)
		v, encErr := store.Encode(m)
		return errors.Join(err, encErr, b.Put(metaKey, v))
	})
}
