package durable

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "CURRENT")
	ok := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	holds := func(t *testing.T, want string) {
		t.Helper()
		if b, err := os.ReadFile(path); string(b) != want || err != nil {
			t.Fatalf("%q %v", b, err)
		}
	}
	names := func() string {
		list, err := os.ReadDir(dir)
		ok(t, err)
		var out []string
		for _, e := range list {
			out = append(out, e.Name())
		}
		return strings.Join(out, " ")
	}
	t.Run("puts the content in place, for its owner alone, and leaves no other file", func(t *testing.T) {
		ok(t, WriteFile(path, []byte("000001\n")))
		ok(t, WriteFile(path, []byte("000002\n")))
		holds(t, "000002\n")
		if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 || names() != "CURRENT" {
			t.Fatal(err, st, names())
		}
	})
	t.Run("a reader that has the old file open keeps the old content", func(t *testing.T) {
		f, err := os.Open(path)
		ok(t, err)
		defer f.Close()
		ok(t, WriteFile(path, []byte("000003\n")))
		b := make([]byte, 16)
		if n, _ := f.Read(b); string(b[:n]) != "000002\n" {
			t.Fatalf("%q", b[:n])
		}
	})
	t.Run("what fails half-way leaves the old content and no temporary file", func(t *testing.T) {
		broken := errors.New("disk full")
		err := Write(path, func(f *os.File) error {
			_, err := f.WriteString("half")
			return errors.Join(err, broken)
		})
		if !errors.Is(err, broken) || names() != "CURRENT" {
			t.Fatal(err, names())
		}
		holds(t, "000003\n")
	})
	t.Run("a folder is not replaced by a file, and a missing one not made", func(t *testing.T) {
		ok(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
		ok(t, os.WriteFile(filepath.Join(dir, "folder", "f"), nil, 0o600))
		for _, to := range []string{"folder", "missing/f"} {
			if err := WriteFile(filepath.Join(dir, to), []byte("x")); err == nil {
				t.Fatal(to, "was written")
			}
		}
		if names() != "CURRENT folder" {
			t.Fatal(names())
		}
	})
	t.Run("a name is given to a whole folder", func(t *testing.T) {
		ok(t, Rename(filepath.Join(dir, "folder"), filepath.Join(dir, "000042")))
		if names() != "000042 CURRENT" {
			t.Fatal(names())
		}
		if err := Rename(filepath.Join(dir, "nothing"), path); err == nil {
			t.Fatal("what is not there has a name")
		}
		holds(t, "000003\n")
	})
}
