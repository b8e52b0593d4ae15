package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"annuaire"
)

// WriteFile replaces path with data so that a reader, or a machine that loses power, finds either the old content or the
// new: temporary file in the same directory, fsync, rename, fsync of the directory.
func WriteFile(path string, data []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir makes the names inside dir durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

var (
	metaBucket = []byte("meta")
	formatKey  = []byte("format")
	seqKey     = []byte("seq")
)

// openBolt opens path, which no other process may hold, as a file of a shape.
func openBolt(path string, s shape, opt bolt.Options) (*bolt.DB, error) {
	opt.Timeout = time.Millisecond // never wait on a lock: the holder may be a server that runs for years
	opt.FreelistType = bolt.FreelistMapType
	if opt.InitialMmapSize == 0 && !opt.ReadOnly {
		opt.InitialMmapSize = mapping(path)
	}
	db, err := bolt.Open(path, 0o600, &opt)
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, annuaire.Errorf(annuaire.CodeConflict, "data",
			"ce répertoire de données est ouvert par un autre processus annuaire",
			"this data directory is in use by another annuaire process", nil)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", filepath.Base(path), err)
	}
	db.AllocSize = 1 << 20 // the file grows by this much beyond what it needs
	if err := prepare(db, s, opt.ReadOnly); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// roomToGrow is how much address space, in bytes, is mapped beyond the end of a file. A commit that grows the file past its mapping
// waits for every reader, a backup included, and new readers wait for it; within the mapping nobody waits.
const roomToGrow = 1 << 30

func mapping(path string) int {
	if strconv.IntSize < 64 { // address space is scarce
		return 0
	}
	st, err := os.Stat(path)
	if err != nil { // a new file
		return roomToGrow
	}
	return int(st.Size()) + roomToGrow
}

// key is the stored form of a number: 8 bytes, big endian, so that keys sort as numbers do.
func key(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func number(b []byte) uint64 {
	if len(b) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}
