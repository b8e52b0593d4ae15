package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"annuaire"
)

type note struct {
	Text string `cbor:"1,keyasint"`
}

func TestTable(t *testing.T) {
	l, err := OpenLedger(filepath.Join(t.TempDir(), "annuaire.db"))
	ok(t, err)
	defer l.Close()
	notes := NewTable[note]("notes")
	keys := func(prefix, after string) (out []string) {
		ok(t, l.View(func(tx *Tx) error {
			return notes.Each(tx, prefix, after, func(k string, n note) (bool, error) {
				out = append(out, k+"="+n.Text)
				return true, nil
			})
		}))
		return out
	}
	expect := func(t *testing.T, got []string, want string) {
		t.Helper()
		if fmt.Sprint(got) != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
	t.Run("a table that was never written is empty", func(t *testing.T) { expect(t, keys("", ""), "[]") })
	ok(t, l.Update(func(tx *Tx) error {
		return errors.Join(notes.Put(tx, "b", note{"2"}), notes.Put(tx, "a", note{"1"}), notes.Put(tx, "ab", note{"3"}))
	}))
	t.Run("records come by key", func(t *testing.T) { expect(t, keys("", ""), "[a=1 ab=3 b=2]") })
	t.Run("a prefix bounds them", func(t *testing.T) { expect(t, keys("a", ""), "[a=1 ab=3]") })
	t.Run("the one to begin after is left out", func(t *testing.T) { expect(t, keys("", "a"), "[ab=3 b=2]") })
	t.Run("a change that fails changes nothing", func(t *testing.T) {
		failed := errors.New("no")
		err := l.Update(func(tx *Tx) error { return errors.Join(notes.Delete(tx, "a"), failed) })
		if !errors.Is(err, failed) {
			t.Error(err)
		}
		expect(t, keys("", ""), "[a=1 ab=3 b=2]")
	})
}

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
