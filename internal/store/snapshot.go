package store

import (
	"io"

	bolt "go.etcd.io/bbolt"
)

// Snapshot is one consistent state of a file, to be copied while others go on writing. Close it soon: as long as it is open, what is
// replaced in the file is not freed, and a file that has to grow past its mapping waits for it.
type Snapshot struct{ tx *bolt.Tx }

// Snapshot returns the state of the ledger as it is now.
func (l *Ledger) Snapshot() (*Snapshot, error) { return snapshotOf(l.db) }

// Snapshot returns the state of the directory as it is now.
func (d *Directory) Snapshot() (*Snapshot, error) { return snapshotOf(d.db) }

func snapshotOf(db *bolt.DB) (*Snapshot, error) {
	tx, err := db.Begin(false)
	if err != nil {
		return nil, err
	}
	return &Snapshot{tx}, nil
}

// Seq returns the last sequence committed (of a ledger) or applied (of a directory).
func (s *Snapshot) Seq() uint64 { return number(s.tx.Bucket(metaBucket).Get(seqKey)) }

// Generation returns the generation that a ledger names, "" before the first load.
func (s *Snapshot) Generation() string { return string(s.tx.Bucket(metaBucket).Get(generationKey)) }

// Size returns the size of the copy, in bytes.
func (s *Snapshot) Size() int64 { return s.tx.Size() }

// WriteTo writes a file that opens as this state.
func (s *Snapshot) WriteTo(w io.Writer) (int64, error) { return s.tx.WriteTo(w) }

// Close ends the snapshot.
func (s *Snapshot) Close() error { return s.tx.Rollback() }
