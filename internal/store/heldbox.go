package store

import (
	"bytes"
	"time"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

// heldBox is what choosing among the boxes of a person needs of a mailbox record; the rest of it is passed over unread. Its keys are those
// of annuaire.Mailbox.
type heldBox struct {
	Kind       annuaire.MailboxKind `cbor:"2,keyasint"`
	Rank       int                  `cbor:"4,keyasint,omitempty"`
	Registered bool                 `cbor:"12,keyasint,omitempty"`
}

// HeldBoxes reads the boxes of many people, one after the other.
type HeldBoxes struct {
	holders *bolt.Cursor
	boxes   *bolt.Bucket
	prefix  []byte
	out     []annuaire.HeldBox
}

// HeldBoxes returns a reader of the boxes of people, valid as long as r is. Not for concurrent use.
func (r Reader) HeldBoxes() *HeldBoxes {
	return &HeldBoxes{holders: r.holders.Cursor(), boxes: r.mailboxes}
}

// Of returns the boxes of a person, preferred first, until the next call.
func (h *HeldBoxes) Of(id string) ([]annuaire.HeldBox, error) {
	h.prefix, h.out = append(append(h.prefix[:0], id...), 0), h.out[:0]
	for k, _ := h.holders.Seek(h.prefix); bytes.HasPrefix(k, h.prefix); k, _ = h.holders.Next() {
		address := heldAddress(k, len(h.prefix))
		v := h.boxes.Get([]byte(address))
		if v == nil {
			continue
		}
		var b heldBox
		if len(v) < sourceSize {
			return nil, Unpack(v, &annuaire.Mailbox{}) // says so
		}
		if err := Decode(v[sourceSize:], &b); err != nil {
			return nil, err
		}
		h.out = append(h.out, annuaire.HeldBox{Address: address, Kind: b.Kind, Rank: b.Rank, Registered: b.Registered,
			Changed: time.Unix(int64(number(v[:8])), 0).UTC()})
	}
	return h.out, nil
}
