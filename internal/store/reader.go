package store

import (
	"bytes"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// Reader reads one consistent state; valid during the call it is handed to.
type Reader struct {
	d  *Directory
	tx *bolt.Tx
	// What every page asks of, looked up once.
	meta, people, mailboxes, holders *bolt.Bucket
}

func (d *Directory) reader(tx *bolt.Tx) Reader {
	return Reader{d, tx, tx.Bucket(metaBucket), tx.Bucket(peopleBucket), tx.Bucket(mailboxesBucket), tx.Bucket(holdersBucket)}
}

// Seq returns the last log sequence applied.
func (r Reader) Seq() uint64 { return number(r.meta.Get(seqKey)) }

// Info returns what the directory shows. Its lists are shared: they are not to be written to.
func (r Reader) Info() (info Info, err error) {
	v := r.meta.Get(infoKey)
	if v == nil {
		return info, nil
	}
	if last := r.d.info.Load(); last != nil && bytes.Equal(last.raw, v) {
		return last.Info, nil
	}
	if err = Decode(v, &info); err == nil {
		r.d.info.Store(&readInfo{info, bytes.Clone(v)})
	}
	return info, err
}

// readInfo is an Info with what it was read from: each page has it, and it changes once a day.
type readInfo struct {
	Info
	raw []byte
}

// Person returns a professional by IdNatPP.
func (r Reader) Person(id string) (annuaire.Professional, bool, error) {
	return get[annuaire.Professional](r.people, id)
}

// Structure returns a structure by its technical id.
func (r Reader) Structure(id string) (annuaire.Structure, bool, error) {
	return get[annuaire.Structure](r.tx.Bucket(structuresBucket), id)
}

// Mailbox returns a mailbox by its address, in lower case.
func (r Reader) Mailbox(address string) (annuaire.Mailbox, bool, error) {
	return get[annuaire.Mailbox](r.mailboxes, address)
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
	c := r.holders.Cursor()
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
	c := r.mailboxes.Cursor()
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

func get[T Record](b *bolt.Bucket, id string) (rec T, ok bool, err error) {
	v := b.Get([]byte(id))
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
