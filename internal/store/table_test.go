package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
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
	t.Run("they come from the end too, and from before one", func(t *testing.T) {
		back := func(before string, most int) (out []string) {
			ok(t, l.View(func(tx *Tx) error {
				return notes.EachBack(tx, before, func(k string, n note) (bool, error) {
					out = append(out, k+"="+n.Text)
					return len(out) < most, nil
				})
			}))
			return out
		}
		expect(t, back("", 9), "[b=2 ab=3 a=1]")
		expect(t, back("", 1), "[b=2]")
		expect(t, back("b", 9), "[ab=3 a=1]")
		expect(t, back("aa", 9), "[a=1]")
		expect(t, back("zz", 9), "[b=2 ab=3 a=1]")
		expect(t, back("a", 9), "[]")
	})
	t.Run("those chosen are removed, all of them or by prefix", func(t *testing.T) {
		remove := func(prefix string, which func(string, note) bool, want int) {
			t.Helper()
			ok(t, l.Update(func(tx *Tx) error {
				n, err := notes.DeleteEach(tx, prefix, which)
				if n != want {
					t.Errorf("%d removed, want %d", n, want)
				}
				return err
			}))
		}
		remove("", func(_ string, n note) bool { return n.Text == "3" }, 1)
		expect(t, keys("", ""), "[a=1 b=2]")
		remove("b", nil, 1)
		expect(t, keys("", ""), "[a=1]")
		remove("", nil, 1)
		remove("", nil, 0)
		expect(t, keys("", ""), "[]")
	})
}
