package store

import (
	"errors"
	"path/filepath"
	"testing"

	"annuaire"
)

func TestAppendInTheTransactionOfTheCause(t *testing.T) {
	l, err := OpenLedger(filepath.Join(t.TempDir(), "annuaire.db"))
	ok(t, err)
	defer l.Close()
	failed := errors.New("no")
	entry := func() []Entry { return []Entry{{Kind: annuaire.KindMailbox, Op: annuaire.Gone, ID: "a@b"}} }
	if err := l.Update(func(tx *Tx) error {
		_, err := tx.Append(entry())
		return errors.Join(err, failed)
	}); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	ok(t, l.Update(func(tx *Tx) error {
		seq, err := tx.Append(entry())
		if seq != 1 {
			t.Errorf("sequence %d: the change that failed has left a gap", seq)
		}
		return err
	}))
	all, err := l.History(annuaire.KindMailbox, "a@b")
	ok(t, err)
	if len(all) != 1 || all[0].Seq != 1 {
		t.Errorf("history: %+v", all)
	}
}
