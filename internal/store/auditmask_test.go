package store

import (
	"bytes"
	"path/filepath"
	"testing"

	"annuaire"
)

// Whatever part of an event an INS comes in, it is not in the file.
func TestNoINSIsAudited(t *testing.T) {
	path := filepath.Join(t.TempDir(), "annuaire.db")
	l, err := OpenLedger(path)
	ok(t, err)
	defer l.Close()
	const ins = "185057800608436"
	with := "x " + ins
	ok(t, l.Update(func(tx *Tx) error {
		return tx.Audit(annuaire.AuditEvent{Who: with, Proof: with, From: with, What: with, Target: ins + "@patient.mssante.fr", Why: with,
			Before: map[string]string{"a": with}, After: struct{ N int64 }{185057800608436}})
	}))
	lines := 0
	ok(t, l.View(func(tx *Tx) error {
		return auditTable.Each(tx, "", "", func(_ string, a AuditLine) (bool, error) {
			lines++
			v, err := Encode(a)
			if bytes.Contains(v, []byte(ins)) || a.Target != "[patient]@patient.mssante.fr" || string(a.Before) != `{"a":"x [INS]"}` {
				t.Errorf("%s %+v", v, a)
			}
			return true, err
		})
	}))
	if lines != 1 {
		t.Error(lines)
	}
}
