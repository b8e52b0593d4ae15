package store

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

const directoryFormat = 1

var (
	peopleBucket     = []byte("people")
	structuresBucket = []byte("structures")
	mailboxesBucket  = []byte("mailboxes")
	holdersBucket    = []byte("holders") // holder id, NUL, rank (4 bytes), address: the boxes of a person in order of preference
	goneBucket       = []byte("gone")    // people known to have left: id -> time of the extract without them
	infoKey          = []byte("info")
)

var directoryBuckets = [][]byte{peopleBucket, structuresBucket, mailboxesBucket, holdersBucket, goneBucket,
	printsBucket(annuaire.KindPerson), printsBucket(annuaire.KindStructure), printsBucket(annuaire.KindMailbox)}

// Info says which extracts a directory shows.
type Info struct {
	Extract   time.Time `cbor:"1,keyasint"`           // of the PS files
	Mailboxes time.Time `cbor:"2,keyasint"`           // of the MSSanté file; zero when none was ever loaded
	Run       string    `cbor:"3,keyasint"`           // the last run that was applied
	Files     []string  `cbor:"4,keyasint"`           // what was read, to know it again without reading it
	Model     int       `cbor:"5,keyasint"`           // version of the rules that turn rows into records
	Versions  []string  `cbor:"6,keyasint,omitempty"` // of remote files, to know them again without a download
}

// Directory is directory.db: records as they are after sequence Seq. Safe for concurrent use.
type Directory struct {
	db   *bolt.DB
	info atomic.Pointer[readInfo] // as it was read last
}

// OpenDirectory opens an existing directory.db. One that is missing is an error: an empty one in its place would quietly answer
// that nobody exists.
func OpenDirectory(path string) (*Directory, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open directory: %w", err)
	}
	db, err := openBolt(path, viewShape, bolt.Options{})
	if err != nil {
		return nil, err
	}
	return &Directory{db: db}, nil
}

// Close releases the file.
func (d *Directory) Close() error { return d.db.Close() }

// Seq returns the last log sequence applied.
func (d *Directory) Seq() (seq uint64, err error) {
	err = d.Read(func(r Reader) error { seq = r.Seq(); return nil })
	return
}

// Info returns what the directory shows.
func (d *Directory) Info() (info Info, err error) {
	err = d.Read(func(r Reader) error { info, err = r.Info(); return err })
	return info, err
}

// Read calls fn with one consistent state of the directory.
func (d *Directory) Read(fn func(Reader) error) error {
	return d.db.View(func(tx *bolt.Tx) error { return fn(d.reader(tx)) })
}

// setInfo writes what the directory shows and up to which sequence.
func setInfo(tx *bolt.Tx, seq uint64, info Info) error {
	v, err := Encode(info)
	if err != nil {
		return err
	}
	m := tx.Bucket(metaBucket)
	return errors.Join(m.Put(infoKey, v), m.Put(seqKey, key(seq)))
}
