package store

import (
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// shape is what a file of a kind has to be.
type shape struct {
	format  uint64
	buckets [][]byte // added where they are missing
	steps   map[uint64]step
}

// step brings a file from one format to the next, in the transaction that records it.
type step func(*bolt.Tx) error

// The shapes. A change of format adds a step from the old one: what was written by any program before can be read by this one.
var (
	ledgerShape = shape{format: ledgerFormat, buckets: [][]byte{logBucket, historyBucket, leftBucket}}
	viewShape   = shape{format: directoryFormat, buckets: directoryBuckets}
)

// prepare checks the format of a file and brings an older one up to it; a new file gets the buckets and the format.
func prepare(db *bolt.DB, s shape, readOnly bool) error {
	fresh, found, missing := true, uint64(0), false
	err := db.View(func(tx *bolt.Tx) error {
		for _, name := range s.buckets { // one that came after the file was made is added to it
			missing = missing || tx.Bucket(name) == nil
		}
		if b := tx.Bucket(metaBucket); b != nil {
			fresh, found = false, number(b.Get(formatKey))
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case !fresh && found > s.format:
		return annuaire.Errorf(annuaire.CodeInvalid, "data",
			fmt.Sprintf("format de données %d, ce programme lit le format %d : prenez un programme plus récent, ou restaurez une sauvegarde d'avant", found, s.format),
			fmt.Sprintf("data format %d, this program reads format %d: use a newer program, or restore a backup from before", found, s.format), nil)
	case !fresh && found < s.format && readOnly:
		return annuaire.Errorf(annuaire.CodeInvalid, "data", fmt.Sprintf("format de données %d, antérieur au format %d", found, s.format),
			fmt.Sprintf("data format %d, older than format %d: it has to be opened to write", found, s.format), nil)
	case readOnly, !fresh && !missing && found == s.format:
		return nil
	}
	return db.Update(func(tx *bolt.Tx) error {
		for ; !fresh && found < s.format; found++ {
			up, ok := s.steps[found]
			if !ok {
				return annuaire.Errorf(annuaire.CodeInvalid, "data", fmt.Sprintf("format de données %d inconnu", found), fmt.Sprintf("unknown data format %d", found), nil)
			}
			if err := up(tx); err != nil {
				return fmt.Errorf("from format %d: %w", found, err)
			}
		}
		var errs []error
		for _, name := range append([][]byte{metaBucket}, s.buckets...) {
			_, err := tx.CreateBucketIfNotExists(name)
			errs = append(errs, err)
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
		return tx.Bucket(metaBucket).Put(formatKey, key(s.format))
	})
}
