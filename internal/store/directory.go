package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
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

// utc puts the times, which decode in the zone of the machine, back in the one they are shown in.
func (i Info) utc() Info {
	i.Extract, i.Mailboxes = i.Extract.UTC(), i.Mailboxes.UTC()
	return i
}

// Directory is directory.db: records as they are after sequence Seq. Safe for concurrent use.
type Directory struct{ db *bolt.DB }

// OpenDirectory opens an existing directory.db. One that is missing is an error: an empty one in its place would quietly answer
// that nobody exists.
func OpenDirectory(path string) (*Directory, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open directory: %w", err)
	}
	db, err := openBolt(path, viewShape, bolt.Options{InitialMmapSize: mapped})
	if err != nil {
		return nil, err
	}
	db.AllocSize = 1 << 20 // bbolt would add 16 MiB to a small file under so large a mapping
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
	return d.db.View(func(tx *bolt.Tx) error { return fn(Reader{tx}) })
}

// Reader reads one consistent state; valid during the call it is handed to.
type Reader struct{ tx *bolt.Tx }

// Seq returns the last log sequence applied.
func (r Reader) Seq() uint64 { return number(r.tx.Bucket(metaBucket).Get(seqKey)) }

// Info returns what the directory shows.
func (r Reader) Info() (info Info, err error) {
	if v := r.tx.Bucket(metaBucket).Get(infoKey); v != nil {
		err = Decode(v, &info)
	}
	return info.utc(), err
}

// Person returns a professional by IdNatPP.
func (r Reader) Person(id string) (annuaire.Professional, bool, error) {
	return get[annuaire.Professional](r.tx, peopleBucket, id)
}

// Structure returns a structure by its technical id.
func (r Reader) Structure(id string) (annuaire.Structure, bool, error) {
	return get[annuaire.Structure](r.tx, structuresBucket, id)
}

// Mailbox returns a mailbox by its address, in lower case.
func (r Reader) Mailbox(address string) (annuaire.Mailbox, bool, error) {
	return get[annuaire.Mailbox](r.tx, mailboxesBucket, address)
}

// MailboxesOf returns the boxes of a person, preferred first.
func (r Reader) MailboxesOf(id string) (boxes []annuaire.Mailbox, err error) {
	for _, address := range r.AddressesOf(id) {
		box, ok, err := r.Mailbox(address)
		if err != nil {
			return nil, err
		}
		if ok {
			boxes = append(boxes, box)
		}
	}
	return boxes, nil
}

// AddressesOf returns the addresses of the boxes of a person, preferred first.
func (r Reader) AddressesOf(id string) (addresses []string) {
	prefix := append([]byte(id), 0)
	c := r.tx.Bucket(holdersBucket).Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		addresses = append(addresses, heldAddress(k, len(prefix)))
	}
	return addresses
}

// GoneSince returns the time of the first extract without this person, ok false for someone never known or still here.
func (r Reader) GoneSince(id string) (since time.Time, ok bool) {
	v := r.tx.Bucket(goneBucket).Get([]byte(id))
	if v == nil {
		return time.Time{}, false
	}
	return time.Unix(int64(number(v)), 0).UTC(), true
}

// Addresses yields the addresses of all mailboxes, sorted.
func (r Reader) Addresses(yield func(string) bool) {
	c := r.tx.Bucket(mailboxesBucket).Cursor()
	for k, _ := c.First(); k != nil && yield(string(k)); k, _ = c.Next() {
	}
}

// EachPerson calls fn with every professional, by id.
func (r Reader) EachPerson(fn func(annuaire.Professional) error) error {
	return each(r.tx, peopleBucket, fn)
}

// EachStructure calls fn with every structure, by id.
func (r Reader) EachStructure(fn func(annuaire.Structure) error) error {
	return each(r.tx, structuresBucket, fn)
}

// EachMailbox calls fn with every mailbox, by address.
func (r Reader) EachMailbox(fn func(annuaire.Mailbox) error) error {
	return each(r.tx, mailboxesBucket, fn)
}

func get[T Record](tx *bolt.Tx, bucket []byte, id string) (rec T, ok bool, err error) {
	v := tx.Bucket(bucket).Get([]byte(id))
	if v == nil {
		return rec, false, nil
	}
	return rec, true, Unpack(v, &rec)
}

func each[T Record](tx *bolt.Tx, bucket []byte, fn func(T) error) error {
	return tx.Bucket(bucket).ForEach(func(k, v []byte) error {
		var rec T
		if err := Unpack(v, &rec); err != nil {
			return fmt.Errorf("%s: %w", bucket, err)
		}
		return fn(rec)
	})
}

// EachPacked calls fn with every record of kind in stored form, by id, with its print. The slices are valid during the call.
func (r Reader) EachPacked(kind annuaire.Kind, fn func(id, packed []byte, p Print) error) error {
	prints := r.Prints(kind)
	pid, p := prints.First()
	return r.tx.Bucket(recordsBucket(kind)).ForEach(func(k, v []byte) error {
		if !bytes.Equal(pid, k) {
			return fmt.Errorf("%s %s has no print", kind, k)
		}
		err := fn(k, v, p)
		pid, p = prints.Next()
		return err
	})
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
