package store

import (
	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// PeopleAfter returns up to n people whose id comes after one, in order. Reading page by page holds no transaction for long.
func (r Reader) PeopleAfter(after string, n int) ([]annuaire.Professional, error) {
	return pageOf[annuaire.Professional](r.tx, peopleBucket, after, n)
}

// StructuresAfter is PeopleAfter for structures.
func (r Reader) StructuresAfter(after string, n int) ([]annuaire.Structure, error) {
	return pageOf[annuaire.Structure](r.tx, structuresBucket, after, n)
}

// MailboxesAfter is PeopleAfter for mailboxes, by address.
func (r Reader) MailboxesAfter(after string, n int) ([]annuaire.Mailbox, error) {
	return pageOf[annuaire.Mailbox](r.tx, mailboxesBucket, after, n)
}

func pageOf[T Record](tx *bolt.Tx, bucket []byte, after string, n int) ([]T, error) {
	out := make([]T, 0, n)
	c := tx.Bucket(bucket).Cursor()
	k, v := c.Seek([]byte(after))
	if k != nil && string(k) == after {
		k, v = c.Next()
	}
	for ; k != nil && len(out) < n; k, v = c.Next() {
		var rec T
		if err := Unpack(v, &rec); err != nil {
			return nil, err
		}
		out = append(out, rec)
	}
	return out, nil
}
