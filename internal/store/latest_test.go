package store

import (
	"path/filepath"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

func TestLatest(t *testing.T) {
	l, err := OpenLedger(filepath.Join(t.TempDir(), "annuaire.db"))
	ok(t, err)
	t.Cleanup(func() { ok(t, l.Close()) })
	box := func(op annuaire.ChangeOp, id string) Entry { return Entry{Kind: annuaire.KindMailbox, Op: op, ID: id} }
	ok(t, l.Update(func(tx *Tx) error {
		_, err := tx.Append([]Entry{box(annuaire.Created, "a@b.fr"), box(annuaire.Created, "a@b.fr.x"), box(annuaire.Changed, "a@b.fr"), box(annuaire.Gone, "z@b.fr")})
		return err
	}))
	ask := func(id string, after uint64) (seq uint64) {
		t.Helper()
		ok(t, l.View(func(tx *Tx) error {
			e, there, err := tx.Latest(annuaire.KindMailbox, id, after)
			if there != (e.Seq > 0) {
				t.Error(there, e)
			}
			seq = e.Seq
			return err
		}))
		return seq
	}
	for _, tt := range []struct {
		rule  string
		id    string
		after uint64
		want  uint64
	}{
		{"the last entry about a record is found", "a@b.fr", 0, 3},
		{"one after another sequence too", "a@b.fr", 2, 3},
		{"not one that a view has already", "a@b.fr", 3, 0},
		{"an address that begins alike is another", "a@b.fr.x", 0, 2},
		{"the last record of the log is found", "z@b.fr", 0, 4},
		{"there is none about a stranger", "b@b.fr", 0, 0},
		{"nor about one that sorts last", "zz@b.fr", 0, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := ask(tt.id, tt.after); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
	t.Run("what a commit that did not end left is no entry", func(t *testing.T) {
		ok(t, l.db.Update(func(tx *bolt.Tx) error {
			return putHistory(tx, Entry{Seq: 9, Kind: annuaire.KindMailbox, ID: "a@b.fr"})
		}))
		if got := ask("a@b.fr", 0); got != 3 {
			t.Error(got)
		}
	})
	t.Run("a change sees what it appended itself", func(t *testing.T) {
		ok(t, l.Update(func(tx *Tx) error {
			if _, err := tx.Append([]Entry{box(annuaire.Gone, "a@b.fr")}); err != nil {
				return err
			}
			e, _, err := tx.Latest(annuaire.KindMailbox, "a@b.fr", 4)
			if e.Op != annuaire.Gone {
				t.Errorf("%+v", e)
			}
			return err
		}))
	})
}

func TestTableWalks(t *testing.T) {
	l, err := OpenLedger(filepath.Join(t.TempDir(), "annuaire.db"))
	ok(t, err)
	t.Cleanup(func() { ok(t, l.Close()) })
	table := NewTable[int]("numbers")
	ok(t, l.Update(func(tx *Tx) error {
		for _, k := range []string{"a\x001", "a\x002", "b\x001"} {
			ok(t, table.Put(tx, k, 1))
		}
		return nil
	}))
	keys := func(prefix, after string) (out []string) {
		ok(t, l.View(func(tx *Tx) error {
			return table.Keys(tx, prefix, after, func(k string) (bool, error) { out = append(out, k); return true, nil })
		}))
		return out
	}
	t.Run("keys are those of a prefix, after one", func(t *testing.T) {
		if got := keys("a\x00", ""); !slices.Equal(got, []string{"a\x001", "a\x002"}) {
			t.Error(got)
		}
		if got := keys("a\x00", "a\x001"); !slices.Equal(got, []string{"a\x002"}) {
			t.Error(got)
		}
	})
	t.Run("a cleared table is empty, and one that never was is too", func(t *testing.T) {
		ok(t, l.Update(func(tx *Tx) error {
			ok(t, NewTable[int]("never").Clear(tx))
			return table.Clear(tx)
		}))
		if got := keys("", ""); len(got) != 0 {
			t.Error(got)
		}
	})
}

func TestHoldersOrder(t *testing.T) {
	t.Run("registered boxes come before national ones, by their rank, then address", func(t *testing.T) {
		boxes := []annuaire.Mailbox{{Address: "r1@b.fr", Registered: true, Rank: 1}, {Address: "r2@b.fr", Registered: true, Rank: 2}, {Address: "r9@b.fr", Registered: true, Rank: annuaire.MaxRank},
			{Address: "a@b.fr", Registered: true}, {Address: "z@b.fr", Registered: true}, {Address: "n1@b.fr", Rank: 1}, {Address: "n2@b.fr", Rank: 2}}
		var keys []string
		for _, m := range boxes {
			keys = append(keys, string(holderKey("8", m)))
		}
		if !slices.IsSorted(keys) {
			t.Errorf("%q", keys)
		}
		for i, k := range keys {
			if got := heldAddress([]byte(k), 2); got != boxes[i].Address {
				t.Errorf("%q of %q", got, k)
			}
			if i > 0 && boxes[i-1].Order() > boxes[i].Order() {
				t.Error("the order of boxes is another one:", boxes[i-1], boxes[i])
			}
		}
	})
}
