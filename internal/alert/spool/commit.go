package spool

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"

	"annuaire/internal/store"
)

// Change is what Commit does to a status. Apply sees the stored one.
type Change struct {
	N     uint32
	Apply func(*Status)
}

// Commit changes statuses and says which messages are in flight from now on (nil: as before). All of it is durable when it returns nil, or
// none of it is done.
func (f *File) Commit(changes []Change, flight []uint32) error {
	type done struct {
		n        uint32
		old, new Status
	}
	var all []done
	err := f.db.Update(func(tx *bolt.Tx) error {
		all = all[:0]
		b := tx.Bucket(stateBucket)
		slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(a.N, b.N) })
		for _, c := range changes {
			if int(c.N) >= len(f.states) {
				return fmt.Errorf("recipients: no number %d", c.N)
			}
			d := done{n: c.N}
			if v := b.Get(key(c.N)); v != nil {
				if err := store.Decode(v, &d.old); err != nil {
					return err
				}
			}
			d.new = d.old
			c.Apply(&d.new)
			v, err := store.Encode(d.new)
			if err != nil {
				return err
			}
			if err := b.Put(key(c.N), v); err != nil {
				return err
			}
			all = append(all, d)
		}
		if flight == nil {
			return nil
		}
		v := make([]byte, 0, 4*len(flight))
		for _, n := range flight {
			v = binary.BigEndian.AppendUint32(v, n)
		}
		return tx.Bucket(metaBucket).Put(flightKey, v)
	})
	if err != nil {
		return fmt.Errorf("recipients: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range all {
		f.states[d.n] = d.new.State
		f.tally.add(f.groups[d.n], d.old, -1)
		f.tally.add(f.groups[d.n], d.new, 1)
	}
	return nil
}

// Flight returns the messages that were in flight when the file was last in use: whether the relay accepted them is not known.
func (f *File) Flight() (out []uint32, err error) {
	err = f.db.View(func(tx *bolt.Tx) error {
		v := tx.Bucket(metaBucket).Get(flightKey)
		for ; len(v) >= 4; v = v[4:] {
			out = append(out, binary.BigEndian.Uint32(v))
		}
		return nil
	})
	return out, err
}
