package directory

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"annuaire"
	"annuaire/internal/store"
)

func TestPeek(t *testing.T) {
	opened := func(t *testing.T) string { // a data directory that was opened once, with nothing loaded
		dir := t.TempDir()
		d, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	t.Run("a directory that does not exist is not made", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "none")
		if _, err := Peek(dir); !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Error("it is there now")
		}
	})
	t.Run("two may peek at a time, at nothing loaded", func(t *testing.T) {
		dir := opened(t)
		for range 2 {
			d, err := Peek(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if info, err := d.Info(); err != nil || !info.Extract.IsZero() || d.Current() != nil {
				t.Error(info, err)
			}
			if err := d.Status()["directory"]; annuaire.CodeOf(err) != annuaire.CodeUnavailable || !strings.Contains(err.Error(), "no extract loaded yet") {
				t.Error(err)
			}
		}
	})
	t.Run("a directory that somebody writes to is a conflict", func(t *testing.T) {
		dir := opened(t)
		d, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if _, err := Peek(dir); annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Error(err)
		}
	})
	t.Run("a generation that was lost, or is late, is for Open to make good", func(t *testing.T) {
		dir := opened(t)
		l, err := store.OpenLedger(filepath.Join(dir, "annuaire.db"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = l.Commit(store.Run{ID: "000001"}, "000001", []store.Entry{{Kind: annuaire.KindLoad, ID: "000001"}})
		if err := errors.Join(err, l.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := Peek(dir); !errors.Is(err, os.ErrNotExist) {
			t.Error("lost:", err)
		}
		gen := filepath.Join(dir, "generations", "000001")
		if err := os.MkdirAll(gen, 0o700); err != nil {
			t.Fatal(err)
		}
		b, err := store.CreateDirectory(filepath.Join(gen, "directory.db"))
		if err == nil {
			err = b.Finish(0, store.Info{})
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Peek(dir); err == nil {
			t.Error("late: no error")
		}
	})
}
