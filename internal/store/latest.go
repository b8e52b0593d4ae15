package store

import (
	"bytes"

	"annuaire"
)

// Latest returns the last entry of the log about a record that comes after a sequence; ok is false when there is none. A view that stands at
// that sequence says the rest: this is how a change sees the records as they are, while the views catch up.
func (t *Tx) Latest(kind annuaire.Kind, id string, after uint64) (e Entry, ok bool, err error) {
	head, log, prefix := t.Head(), t.tx.Bucket(logBucket), historyKey(kind, id)
	if head <= after {
		return e, false, nil
	}
	c := t.tx.Bucket(historyBucket).Cursor()
	k, _ := c.Seek(append(bytes.Clone(prefix), key(head+1)...))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	for ; bytes.HasPrefix(k, prefix); k, _ = c.Prev() {
		seq := k[len(prefix):]
		if len(seq) != 8 || number(seq) > head {
			continue
		}
		if number(seq) <= after {
			return e, false, nil
		}
		e = Entry{}
		if err := Decode(log.Get(seq), &e); err != nil {
			return e, false, err
		}
		if e.Kind == kind && e.ID == id { // else the sequence was given again after a commit that did not end
			return e, true, nil
		}
	}
	return e, false, nil
}

// Packed returns a record in stored form, to be kept after the read, and its print.
func (r Reader) Packed(kind annuaire.Kind, id string) (packed []byte, p Print, ok bool) {
	v := r.tx.Bucket(recordsBucket(kind)).Get([]byte(id))
	if v == nil {
		return nil, p, false
	}
	p, _ = r.Print(kind, id)
	return bytes.Clone(v), p, true
}
