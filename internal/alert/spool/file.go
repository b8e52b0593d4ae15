package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
	"annuaire/internal/store"
)

// File is an open list. It is safe for concurrent use; one process holds it at a time. In memory it keeps a few bytes for each recipient.
type File struct {
	Meta Meta
	db   *bolt.DB

	mu     sync.Mutex
	tally  tally
	states []State  // by recipient
	groups []uint16 // by recipient: of tally
	cache  map[uint32][]Recipient
}

// Open opens a list; CodeNotFound when there is none.
func Open(path string) (*File, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, annuaire.Errorf(annuaire.CodeNotFound, "recipients", "la liste des destinataires n'est pas ici : jamais figée, effacée, ou perdue",
			"the list of recipients is not here: never frozen, erased, or lost", nil)
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, NoFreelistSync: true, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return nil, fmt.Errorf("recipients: %w", err)
	}
	f := &File{db: db, cache: map[uint32][]Recipient{}}
	if err := f.load(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return f, nil
}

// Close releases the file.
func (f *File) Close() error { return f.db.Close() }

// Len is the number of recipients, whose numbers go from 0.
func (f *File) Len() int { return len(f.states) }

// load counts once; from then on Commit keeps the counts.
func (f *File) load() error {
	return f.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket(metaBucket)
		if b == nil {
			return errors.New("recipients: not a list of recipients")
		}
		if err := store.Decode(b.Get(metaKey), &f.Meta); err != nil {
			return err
		}
		if f.Meta.Format != format {
			return annuaire.Invalid("recipients", "format %d inconnu de la liste des destinataires", "unknown format %d of the list of recipients", f.Meta.Format)
		}
		f.tally = newTally()
		f.states, f.groups = make([]State, 0, f.Meta.Count), make([]uint16, 0, f.Meta.Count)
		err := each(tx, 0, func(_ uint32, r Recipient, st Status) bool {
			g := f.tally.group(r.Department, r.Profession)
			f.tally.add(g, st, 1)
			f.states, f.groups = append(f.states, st.State), append(f.groups, g)
			return true
		})
		if err == nil && len(f.states) != f.Meta.Count {
			err = fmt.Errorf("recipients: %d of %d are there", len(f.states), f.Meta.Count)
		}
		return err
	})
}

// cached is how many chunks stay decoded.
const cached = 64

// Recipient returns recipient n.
func (f *File) Recipient(n uint32) (Recipient, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if int(n) >= len(f.states) {
		return Recipient{}, fmt.Errorf("recipients: no number %d", n)
	}
	c := n / chunkSize
	list, ok := f.cache[c]
	if !ok {
		err := f.db.View(func(tx *bolt.Tx) error { return store.Decode(tx.Bucket(listBucket).Get(key(c)), &list) })
		if err != nil {
			return Recipient{}, err
		}
		for old := range f.cache { // any: lists are read in order, almost
			if len(f.cache) < cached {
				break
			}
			delete(f.cache, old)
		}
		f.cache[c] = list
	}
	return list[n%chunkSize], nil
}

// State returns the state of message n.
func (f *File) State(n uint32) State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.states[n]
}

// Each calls fn with the recipients from number n on and their statuses until it returns false. It sees one moment.
func (f *File) Each(n uint32, fn func(n uint32, r Recipient, s Status) bool) error {
	return f.db.View(func(tx *bolt.Tx) error { return each(tx, n, fn) })
}

// each goes through the list and the states side by side.
func each(tx *bolt.Tx, n uint32, fn func(n uint32, r Recipient, s Status) bool) error {
	c, s := tx.Bucket(listBucket).Cursor(), tx.Bucket(stateBucket).Cursor()
	sk, sv := s.Seek(key(n))
	for k, chunk := c.Seek(key(n / chunkSize)); k != nil; k, chunk = c.Next() {
		var list []Recipient
		if err := store.Decode(chunk, &list); err != nil {
			return err
		}
		first := binary.BigEndian.Uint32(k) * chunkSize
		for i, r := range list {
			at := first + uint32(i)
			if at < n {
				continue
			}
			var st Status
			if sk != nil && binary.BigEndian.Uint32(sk) == at {
				if err := store.Decode(sv, &st); err != nil {
					return err
				}
				sk, sv = s.Next()
			}
			if !fn(at, r, st) {
				return nil
			}
		}
	}
	return nil
}

// Status returns the status of message n.
func (f *File) Status(n uint32) (s Status, err error) {
	err = f.db.View(func(tx *bolt.Tx) error {
		if int(n) >= len(f.states) {
			return fmt.Errorf("recipients: no number %d", n)
		}
		if v := tx.Bucket(stateBucket).Get(key(n)); v != nil {
			return store.Decode(v, &s)
		}
		return nil
	})
	return s, err
}
