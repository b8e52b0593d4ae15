package store

import (
	"os"
	"sync"

	bolt "go.etcd.io/bbolt"
)

// Pinned is a state of the directory that stays readable while a later one is written, by one reader at a time.
type Pinned struct {
	Seq uint64
	mu  sync.Mutex
	d   *Directory
	tx  *bolt.Tx
}

// Pin keeps the present state until Close. It is nil where the file is so large that the writer might have to wait for it.
func (d *Directory) Pin() (*Pinned, error) {
	st, err := os.Stat(d.db.Path())
	if err != nil || st.Size() > int64(mapped/2) {
		return nil, err
	}
	tx, err := d.db.Begin(false)
	if err != nil {
		return nil, err
	}
	return &Pinned{Seq: d.reader(tx).Seq(), d: d, tx: tx}, nil
}

// Read calls fn with the pinned state; ok is false when it is closed.
func (p *Pinned) Read(fn func(Reader) error) (ok bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tx == nil {
		return false, nil
	}
	return true, fn(p.d.reader(p.tx))
}

// Close waits for the one who reads it.
func (p *Pinned) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	tx := p.tx
	p.tx = nil
	return tx.Rollback()
}
