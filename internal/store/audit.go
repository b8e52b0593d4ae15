package store

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"annuaire"
	"annuaire/internal/mask"
)

// auditLine is an event as it is kept. Hash is SHA-256 over the hash of the line before it (32 zero bytes before the first) and the CBOR of
// this line without Hash: no line can be changed, taken out or put in without every later one telling.
type auditLine struct {
	annuaire.AuditEvent `cbor:"1,keyasint"`
	Before              []byte `cbor:"2,keyasint,omitempty"` // JSON
	After               []byte `cbor:"3,keyasint,omitempty"`
	Hash                []byte `cbor:"4,keyasint,omitempty"`
}

var (
	auditTable = NewTable[auditLine]("audit")
	auditLast  = NewTable[[]byte]("audit-last") // the hash of the last line, under lastKey
)

// Audit appends an event in the transaction of what it tells of, now. No INS is written (see mask), and no mobile of a mailbox or an account
// (see annuaire.Masker).
func (t *Tx) Audit(e annuaire.AuditEvent) (err error) {
	for _, s := range []*string{&e.Who, &e.Proof, &e.From, &e.What, &e.Target, &e.Why} {
		*s = mask.String(*s)
	}
	line := auditLine{AuditEvent: e}
	line.Time = time.Now().UTC().Truncate(time.Second)
	for _, at := range []struct {
		from any
		to   *[]byte
	}{{e.Before, &line.Before}, {e.After, &line.After}} {
		if at.from == nil {
			continue
		}
		if m, ok := at.from.(annuaire.Masker); ok {
			at.from = m.Masked()
		}
		if *at.to, err = json.Marshal(at.from); err != nil {
			return fmt.Errorf("audit: %w", err)
		}
		*at.to = mask.JSON(*at.to)
	}
	if line.Seq, err = auditTable.Sequence(t); err != nil {
		return err
	}
	last, _, err := auditLast.Get(t, lastKey)
	if err != nil {
		return err
	}
	if line.Hash, err = line.chained(last); err != nil {
		return err
	}
	if err := auditLast.Put(t, lastKey, line.Hash); err != nil {
		return err
	}
	t.tx.Bucket(auditTable.bucket).FillPercent = 1 // numbers only grow
	return auditTable.Put(t, string(key(line.Seq)), line)
}

const lastKey = "last"

// chained returns the hash of a line that follows the one with the hash last.
func (l auditLine) chained(last []byte) ([]byte, error) {
	l.Hash = nil
	v, err := Encode(l)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	h.Write(paddedHash(last))
	h.Write(v)
	return h.Sum(nil), nil
}

func paddedHash(h []byte) []byte {
	if len(h) == 0 {
		return make([]byte, sha256.Size)
	}
	return h
}
