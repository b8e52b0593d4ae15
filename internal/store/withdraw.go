package store

import (
	"bytes"

	"annuaire"
)

// Withdraw takes what the log says of a record out of it: every entry about it becomes a tombstone, which says that there is nothing and no
// more. Sequences stay, and whoever reads the log, a view that is late too, comes to the same end once the tombstone that follows is there. Of
// a record that the log says is gone already nothing changes: what was told of it is of another time.
func (t *Tx) Withdraw(kind annuaire.Kind, id string) error {
	if last, ok, err := t.Latest(kind, id, 0); err != nil || !ok || last.Op == annuaire.Gone {
		return err
	}
	log, prefix := t.tx.Bucket(logBucket), historyKey(kind, id)
	var told []Entry
	c := t.tx.Bucket(historyBucket).Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		v := log.Get(k[len(prefix):])
		if v == nil || len(k) != len(prefix)+8 {
			continue
		}
		var e Entry
		if err := Decode(v, &e); err != nil {
			return err
		}
		if e.Kind == kind && e.ID == id && e.Record != nil {
			e.Op, e.Record, e.Print = annuaire.Gone, nil, Print{}
			told = append(told, e)
		}
	}
	for _, e := range told {
		v, err := Encode(e)
		if err != nil {
			return err
		}
		if err := log.Put(key(e.Seq), v); err != nil {
			return err
		}
	}
	return nil
}
