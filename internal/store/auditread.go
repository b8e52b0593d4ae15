package store

import (
	"encoding/hex"
	"encoding/json"

	"annuaire"
)

// auditChunk is how many lines are read in one transaction: whoever reads slowly holds up nothing.
const auditChunk = 500

// record is the line as it is read back.
func (l auditLine) record() annuaire.AuditRecord {
	r := annuaire.AuditRecord{AuditEvent: l.AuditEvent, Hash: hex.EncodeToString(l.Hash)}
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
	return annuaire.AuditAnchor{Seq: number([]byte(auditTable.lastKey(t))), Hash: hex.EncodeToString(last)}, err
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
		return auditTable.Each(tx, "", string(key(after)), func(k string, line auditLine) (bool, error) {
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
	left := f.Last
	err = l.View(func(tx *Tx) error {
		return auditTable.EachBack(tx, string(key(head+1)), func(k string, line auditLine) (bool, error) {
			if f.Takes(line.record().AuditEvent) {
				left--
			}
			after = number([]byte(k)) - 1
			return left > 0, nil
		})
	})
	return after, err
}

// AdoptAudit takes over the lines that another ledger has beyond those of this one, as they are, if the other goes on from the last of this
// one. It returns how many; none when the two have gone different ways.
func (l *Ledger) AdoptAudit(from *Ledger) (n int, err error) {
	head, err := l.AuditHead()
	if err != nil {
		return 0, err
	}
	var lines []auditLine
	same := head.Seq == 0
	err = from.View(func(tx *Tx) error {
		return auditTable.Each(tx, "", "", func(k string, line auditLine) (bool, error) {
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
