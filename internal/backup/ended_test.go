package backup

import (
	"bytes"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// The tables of delegations as FORMATS.md has them.
var delegations = store.NewTable[annuaire.Delegation]("delegations")

func TestRestoreLetsNoDelegateInAgain(t *testing.T) {
	d := loaded(t)
	const box = "anna@x.formation.mssante.fr"
	ok(t, d.Ledger.Update(func(tx *store.Tx) error {
		for i, id := range []string{"899000000101", "899000000102"} {
			if err := delegations.Put(tx, box+"\x00"+id, annuaire.Delegation{ID: id, Mailbox: box, Delegate: id, Since: day, Version: uint64(i + 1)}); err != nil {
				return err
			}
		}
		return nil
	}))
	saved, dir := written(t, d), t.TempDir()
	_, err := Restore(ctx, bytes.NewReader(saved), dir, Options{})
	ok(t, err)
	r, err := directory.Open(dir)
	ok(t, err)
	ok(t, r.Ledger.Update(func(tx *store.Tx) error { return delegations.Delete(tx, box+"\x00899000000101") }))
	ok(t, r.Close())
	_, err = Restore(ctx, bytes.NewReader(saved), dir, Options{Replace: true})
	ok(t, err)
	var left []string
	ok(t, open(t, dir).Ledger.View(func(tx *store.Tx) error {
		return delegations.Each(tx, "", "", func(_ string, d annuaire.Delegation) (bool, error) {
			left = append(left, d.ID)
			return true, nil
		})
	}))
	if len(left) != 1 || left[0] != "899000000102" {
		t.Errorf("%v may act after the restore", left)
	}
}
