package backup

import (
	"bytes"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
)

func said(t *testing.T, d *directory.Directory, what string) {
	t.Helper()
	ok(t, d.Ledger.AuditNow(annuaire.LocalCaller("root").Event(what, "")))
}

func acts(t *testing.T, d *directory.Directory) (out []string) {
	t.Helper()
	ok(t, d.Ledger.EachAudit(annuaire.AuditFilter{}, func(r annuaire.AuditRecord) error {
		out = append(out, r.What)
		return nil
	}))
	if v, err := d.Ledger.VerifyAudit(nil); err != nil || v.Fault != "" {
		t.Errorf("%+v %v", v, err)
	}
	return out
}

func TestRestoreKeepsTheAudit(t *testing.T) {
	d := loaded(t)
	said(t, d, "before.backup")
	saved := written(t, d)
	said(t, d, "after.backup")
	anchor, err := d.Ledger.AuditHead()
	ok(t, err)
	dir := d.Path("")
	ok(t, d.Close())
	_, err = Restore(ctx, bytes.NewReader(saved), dir, Options{Replace: true})
	ok(t, err)
	r := open(t, dir)
	t.Run("what was done since the backup stays told, and so is the restore", func(t *testing.T) {
		if got := acts(t, r); len(got) != 3 || got[1] != "after.backup" || got[2] != "restore" {
			t.Error(got)
		}
	})
	t.Run("an anchor from before the restore holds", func(t *testing.T) {
		if v, err := r.Ledger.VerifyAudit(&anchor); err != nil || v.Fault != "" {
			t.Errorf("%+v %v", v, err)
		}
	})
	t.Run("on a new machine it is that of the backup", func(t *testing.T) {
		dir := t.TempDir()
		_, err := Restore(ctx, bytes.NewReader(saved), dir, Options{})
		ok(t, err)
		if got := acts(t, open(t, dir)); len(got) != 2 || got[0] != "before.backup" || got[1] != "restore" {
			t.Error(got)
		}
	})
}
