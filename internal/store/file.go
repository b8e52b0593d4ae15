package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"annuaire"
)

var (
	metaBucket = []byte("meta")
	formatKey  = []byte("format")
	seqKey     = []byte("seq")
)

// openBolt opens path, which no other process may hold, as a file of a shape.
func openBolt(path string, s shape, opt bolt.Options) (*bolt.DB, error) {
	opt.Timeout = time.Millisecond // never wait on a lock: the holder may be a server that runs for years
	opt.FreelistType = bolt.FreelistMapType
	if !opt.ReadOnly {
		opt.InitialMmapSize = mapped
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
	db.AllocSize = 1 << 20 // a file grows by this much beyond what it needs: bbolt would add 16 MiB to a small one under so large a mapping
	if err := prepare(db, s, opt.ReadOnly); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// mapped is the address space, in bytes, that an open file is given beyond what it holds. A commit that grows a file past its mapping waits for
// every reader, a backup or a pinned state included, and new readers wait for it; within so much nobody ever waits. Nothing is in memory that
// is not touched.
var mapped = int(min(uint64(64<<30), uint64(math.MaxInt)/4))

// key is the stored form of a number: 8 bytes, big endian, so that keys sort as numbers do.
func key(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func number(b []byte) uint64 {
	if len(b) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}
