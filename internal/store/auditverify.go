package store

import (
	"bytes"
	"encoding/hex"
	"errors"

	"annuaire"
)

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
		err := auditTable.Each(tx, "", "", func(k string, line auditLine) (bool, error) {
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
		given := auditTable.given(tx)
		switch {
		case err != nil:
			return err
		case given < v.Lines:
			fault(annuaire.AuditInserted, given+1)
		case !bytes.Equal(kept, last), given != v.Lines, anchor != nil && anchor.Seq > v.Lines:
			fault(annuaire.AuditMissing, v.Lines+1)
		case anchor != nil && at != anchor.Hash:
			fault(annuaire.AuditDiverged, anchor.Seq)
		}
		return nil
	})
	return v, err
}
