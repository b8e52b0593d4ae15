package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// Apply brings the directory from its sequence to that of the last entry, in one transaction. prints are those of records
// whose rows differ while they say the same: one of a record that has come to say something else meanwhile is left out. Applying entries again
// changes nothing.
func (d *Directory) Apply(entries []Entry, seq uint64, info Info, prints map[annuaire.Kind]map[string]Print) error {
	return d.db.Update(func(tx *bolt.Tx) error {
		for _, e := range entries {
			if err := applyEntry(tx, e); err != nil {
				return fmt.Errorf("apply sequence %d: %w", e.Seq, err)
			}
		}
		for kind, m := range prints {
			b := tx.Bucket(printsBucket(kind))
			for id, p := range m {
				if was := b.Get([]byte(id)); was == nil || printOf(was).Content != p.Content {
					continue
				}
				if err := b.Put([]byte(id), p.bytes()); err != nil {
					return err
				}
			}
		}
		return setInfo(tx, seq, info)
	})
}

func recordsBucket(k annuaire.Kind) []byte {
	switch k {
	case annuaire.KindPerson:
		return peopleBucket
	case annuaire.KindStructure:
		return structuresBucket
	default:
		return mailboxesBucket
	}
}

func applyEntry(tx *bolt.Tx, e Entry) error {
	records, prints, id := tx.Bucket(recordsBucket(e.Kind)), tx.Bucket(printsBucket(e.Kind)), []byte(e.ID)
	if prints == nil { // a load is a generation of its own: no other one catches up through it
		return fmt.Errorf("an entry of kind %q is no record", e.Kind)
	}
	if e.Kind == annuaire.KindMailbox {
		if err := moveHolders(tx, e); err != nil {
			return err
		}
	}
	if e.Kind == annuaire.KindPerson {
		if err := markGone(tx.Bucket(goneBucket), e); err != nil {
			return err
		}
	}
	if e.Op == annuaire.Gone {
		return errors.Join(records.Delete(id), prints.Delete(id))
	}
	return errors.Join(records.Put(id, e.Record), prints.Put(id, e.Print.bytes()))
}

func markGone(b *bolt.Bucket, e Entry) error {
	if e.Op == annuaire.Gone {
		return b.Put([]byte(e.ID), key(uint64(e.Time.Unix())))
	}
	return b.Delete([]byte(e.ID))
}

// moveHolders keeps the list of boxes of each holder in step with the box that e changes.
func moveHolders(tx *bolt.Tx, e Entry) error {
	b := tx.Bucket(holdersBucket)
	old, ok, err := get[annuaire.Mailbox](tx.Bucket(mailboxesBucket), e.ID)
	if err != nil {
		return err
	}
	if ok {
		for _, h := range old.Owners {
			if err := b.Delete(holderKey(h, old)); err != nil {
				return err
			}
		}
	}
	if e.Op == annuaire.Gone {
		return nil
	}
	var box annuaire.Mailbox
	if err := Unpack(e.Record, &box); err != nil {
		return err
	}
	return putHolders(b, box)
}

func putHolders(b *bolt.Bucket, box annuaire.Mailbox) error {
	for _, h := range box.Owners {
		if err := b.Put(holderKey(h, box), nil); err != nil {
			return err
		}
	}
	return nil
}

// rankSize is the length of a rank in a key of holders.
const rankSize = 4

// registeredMark follows a rank of 0 in the key of a registered box; its own rank, 3 bytes, comes after it. No address begins so.
const registeredMark = 1

// holderKey sorts the boxes of a holder by place (annuaire.Mailbox.Order), then address: the order in which a load has them too. National
// boxes have their rank in the key, registered ones 0 and then theirs.
func holderKey(holder string, box annuaire.Mailbox) []byte {
	k := append([]byte(holder), 0)
	if box.Registered {
		k = binary.BigEndian.AppendUint32(k, 0)
		k = binary.BigEndian.AppendUint32(k, registeredMark<<24|uint32(box.Order()))
	} else {
		k = binary.BigEndian.AppendUint32(k, uint32(box.Rank))
	}
	return append(k, box.Address...)
}

// heldAddress returns the address in the key of a holder, whose length with the NUL is given.
func heldAddress(k []byte, holder int) string {
	rest := k[holder+rankSize:]
	if len(rest) > rankSize && rest[0] == registeredMark {
		rest = rest[rankSize:]
	}
	return string(rest)
}
