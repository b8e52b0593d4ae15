package store

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"

	"annuaire"
)

// auditChunk is how many lines are read in one transaction: whoever reads slowly holds up nothing.
const auditChunk = 500

// record is the line as it is read back.
func (l AuditLine) record() annuaire.AuditRecord {
	r := annuaire.AuditRecord{AuditEvent: l.AuditEvent, Hash: hex.EncodeToString(l.Hash)}
	r.Time = r.Time.UTC()
	if l.Before != nil {
		r.Before = json.RawMessage(l.Before)
	}
	if l.After != nil {
		r.After = json.RawMessage(l.After)
	}
	return r
}

// AuditHead returns the last line of the audit and its hash.
func (l *Ledger) AuditHead() (a annuaire.AuditAnchor, err error) {
	err = l.View(func(tx *Tx) error {
		a, err = tx.auditHead()
		return err
	})
	return a, err
}

func (t *Tx) auditHead() (a annuaire.AuditAnchor, err error) {
	last, _, err := auditLast.Get(t, lastKey)
	b := t.tx.Bucket(auditTable.bucket)
	if err != nil || b == nil {
		return a, err
	}
	k, _ := b.Cursor().Last()
	return annuaire.AuditAnchor{Seq: number(k), Hash: hex.EncodeToString(last)}, nil
}

// EachAudit calls fn with the lines that a filter chooses, in order, up to the one that was the last when it began.
func (l *Ledger) EachAudit(f annuaire.AuditFilter, fn func(annuaire.AuditRecord) error) error {
	head, err := l.AuditHead()
	if err != nil {
		return err
	}
	var after uint64
	if f.Last > 0 {
		if after, err = l.beforeLast(f, head.Seq); err != nil {
			return err
		}
	}
	for after < head.Seq {
		part, next, err := l.auditPart(f, after, head.Seq)
		if err != nil {
			return err
		}
		for _, r := range part {
			if err := fn(r); err != nil {
				return err
			}
		}
		if next == after {
			return nil
		}
		after = next
	}
	return nil
}

// auditPart reads the lines after one, in one transaction.
func (l *Ledger) auditPart(f annuaire.AuditFilter, after, upTo uint64) (part []annuaire.AuditRecord, next uint64, err error) {
	next = after
	err = l.View(func(tx *Tx) error {
		n := 0
		return auditTable.Each(tx, "", string(key(after)), func(k string, line AuditLine) (bool, error) {
			if number([]byte(k)) > upTo {
				return false, nil
			}
			next = number([]byte(k))
			if r := line.record(); f.Takes(r.AuditEvent) {
				part = append(part, r)
			}
			n++
			return n < auditChunk, nil
		})
	})
	return part, next, err
}

// beforeLast returns the line before the last so many that a filter chooses.
func (l *Ledger) beforeLast(f annuaire.AuditFilter, head uint64) (after uint64, err error) {
	err = l.View(func(tx *Tx) error {
		b := tx.tx.Bucket(auditTable.bucket)
		if b == nil {
			return nil
		}
		c := b.Cursor()
		left := f.Last
		for k, v := c.Last(); k != nil && left > 0; k, v = c.Prev() {
			if number(k) > head {
				continue
			}
			var line AuditLine
			if err := auditTable.decode(v, &line); err != nil {
				return err
			}
			if f.Takes(line.record().AuditEvent) {
				left--
			}
			after = number(k) - 1
		}
		return nil
	})
	return after, err
}

// VerifyAudit computes the chain anew. A fault is no error: the verdict tells it. anchor is nil, or a line noted elsewhere, by which lines that
// were cut off the end, and an audit written anew as a whole, show.
func (l *Ledger) VerifyAudit(anchor *annuaire.AuditAnchor) (v annuaire.AuditVerdict, err error) {
	v.Anchor = anchor
	err = l.View(func(tx *Tx) error {
		var last []byte
		at := "" // the hash of the line of the anchor
		fault := func(f annuaire.AuditFault, seq uint64) {
			if v.Fault == "" {
				v.Fault, v.At = f, seq
			}
		}
		err := auditTable.Each(tx, "", "", func(k string, line AuditLine) (bool, error) {
			seq, want := number([]byte(k)), v.Lines+1
			switch {
			case len(k) != 8 || seq < want:
				fault(annuaire.AuditInserted, seq)
			case seq > want:
				fault(annuaire.AuditMissing, want)
			case line.Seq != seq:
				fault(annuaire.AuditChanged, seq)
			}
			if v.Fault != "" {
				return false, nil
			}
			hash, err := line.chained(last)
			if err != nil {
				return false, err
			}
			if !bytes.Equal(hash, line.Hash) {
				fault(annuaire.AuditChanged, seq)
				return false, nil
			}
			if last = hash; anchor != nil && seq == anchor.Seq {
				at = hex.EncodeToString(hash)
			}
			v.Lines, v.Head = seq, annuaire.AuditAnchor{Seq: seq, Hash: hex.EncodeToString(hash)}
			return true, nil
		})
		if err != nil && errors.Is(err, errUnreadable) {
			fault(annuaire.AuditChanged, v.Lines+1)
			err = nil
		}
		if err != nil || v.Fault != "" {
			return err
		}
		kept, _, err := auditLast.Get(tx, lastKey)
		switch {
		case err != nil:
			return err
		case tx.auditCounter() < v.Lines:
			fault(annuaire.AuditInserted, tx.auditCounter()+1)
		case !bytes.Equal(kept, last), tx.auditCounter() != v.Lines, anchor != nil && anchor.Seq > v.Lines:
			fault(annuaire.AuditMissing, v.Lines+1)
		case anchor != nil && at != anchor.Hash:
			fault(annuaire.AuditDiverged, anchor.Seq)
		}
		return nil
	})
	return v, err
}

// auditCounter is how many numbers of lines were given.
func (t *Tx) auditCounter() uint64 {
	if b := t.tx.Bucket(auditTable.bucket); b != nil {
		return b.Sequence()
	}
	return 0
}

// AdoptAudit takes over the lines that another ledger has beyond those of this one, as they are, if the other goes on from the last of this
// one. It returns how many; none when the two have gone different ways.
func (l *Ledger) AdoptAudit(from *Ledger) (n int, err error) {
	head, err := l.AuditHead()
	if err != nil {
		return 0, err
	}
	var lines []AuditLine
	same := head.Seq == 0
	err = from.View(func(tx *Tx) error {
		return auditTable.Each(tx, "", "", func(k string, line AuditLine) (bool, error) {
			switch seq := number([]byte(k)); {
			case seq == head.Seq:
				same = hex.EncodeToString(line.Hash) == head.Hash
			case seq > head.Seq:
				lines = append(lines, line)
			}
			return true, nil
		})
	})
	if err != nil || !same || len(lines) == 0 {
		return 0, err
	}
	return len(lines), l.Update(func(tx *Tx) error {
		for _, line := range lines {
			if _, err := auditTable.Sequence(tx); err != nil {
				return err
			}
			if err := auditTable.Put(tx, string(key(line.Seq)), line); err != nil {
				return err
			}
		}
		return auditLast.Put(tx, lastKey, lines[len(lines)-1].Hash)
	})
}

// AuditNow appends an event on its own, durably: of what changes nothing here, or is about to.
func (l *Ledger) AuditNow(e annuaire.AuditEvent) error {
	return l.Update(func(tx *Tx) error { return tx.Audit(e) })
}
