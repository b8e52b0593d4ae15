package spool

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
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
	h, last := sha256.New(), ""
	var part []Recipient
	var chunks uint32 // that are written
	for r, err := range list {
		if err != nil {
			return err
		}
		if m.Count > 0 && r.Address <= last {
			return annuaire.Errorf(annuaire.CodeInternal, "recipients", "liste des destinataires en désordre", "list of recipients out of order", nil)
		}
		last = r.Address
		h.Write([]byte(r.Address + "\n"))
		m.Count++
		if r.RedListed {
			m.RedListed++
		}
		if part = append(part, r); len(part) == perTx*chunkSize {
			if err := write(db, chunks, part); err != nil {
				return err
			}
			part, chunks = part[:0], chunks+perTx
		}
	}
	m.Hash = hex.EncodeToString(h.Sum(nil))
	if err := write(db, chunks, part); err != nil {
		return err
	}
	return end(db, *m)
}

// write adds some of the list to what is there, in chunks that are numbered on from the first.
func write(db *bolt.DB, first uint32, list []Recipient) error {
	return db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(listBucket)
		if err != nil {
			return err
		}
		b.FillPercent = 1 // numbers only grow
		for chunk := range slices.Chunk(list, chunkSize) {
			v, err := store.Encode(chunk)
			if err == nil {
				err = b.Put(key(first), v)
			}
			if err != nil {
				return err
			}
			first++
		}
		return nil
	})
}

// end makes a list of what was written.
func end(db *bolt.DB, m Meta) error {
	return db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucket(metaBucket)
		if err != nil {
			return err
		}
		_, err = tx.CreateBucket(stateBucket)
		v, encErr := store.Encode(m)
		return errors.Join(err, encErr, b.Put(metaKey, v))
	})
}
