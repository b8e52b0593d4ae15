package store

import (
	"bytes"
	"path/filepath"
	"strings"
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
		return auditTable.Each(tx, "", "", func(_ string, a auditLine) (bool, error) {
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

// An erasure leaves the audit: it must not hold for ever where somebody can be reached.
func TestNoMobileIsAudited(t *testing.T) {
	l, err := OpenLedger(filepath.Join(t.TempDir(), "annuaire.db"))
	ok(t, err)
	defer l.Close()
	box := annuaire.Registered{Address: "z@x.mssante.fr", OTPMobile: "+33612345678"}
	account := annuaire.Account{ID: "899000000017", Contact: "zelie@exemple.fr", Mobile: "+33612345678"}
	ok(t, l.Update(func(tx *Tx) error {
		for _, record := range []any{box, &box, account, &account} {
			if err := tx.Audit(annuaire.AuditEvent{What: "x", Before: record, After: record}); err != nil {
				return err
			}
		}
		return nil
	}))
	lines := 0
	ok(t, l.View(func(tx *Tx) error {
		return auditTable.Each(tx, "", "", func(_ string, a auditLine) (bool, error) {
			lines++
			for _, doc := range [][]byte{a.Before, a.After} {
				if s := string(doc); strings.Contains(s, "+336") || strings.Contains(s, "zelie@") || !strings.Contains(s, `"…78"`) {
					t.Error(s)
				}
			}
			return true, nil
		})
	}))
	if lines != 4 || box.OTPMobile != "+33612345678" || account.Mobile != "+33612345678" {
		t.Error(lines, box, account)
	}
}
