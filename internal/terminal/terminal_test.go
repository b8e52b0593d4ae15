package terminal

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// opened opens a file that the test closes.
func opened(t *testing.T, path string, flags int) *os.File {
	t.Helper()
	f, err := os.OpenFile(path, flags, 0o600)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENODEV) { // a chroot without devices, or without terminals
		t.Skip("no such device here: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestIs(t *testing.T) {
	t.Run("a buffer is no terminal", func(t *testing.T) {
		if Is(&bytes.Buffer{}) {
			t.Error("taken for one")
		}
	})
	t.Run("nor is a file", func(t *testing.T) {
		if Is(opened(t, filepath.Join(t.TempDir(), "f"), os.O_CREATE|os.O_WRONLY)) {
			t.Error("taken for one")
		}
	})
	t.Run("nor is /dev/null, though it is a character device", func(t *testing.T) {
		f := opened(t, os.DevNull, os.O_WRONLY)
		if Is(f) {
			t.Error("taken for one")
		}
	})
	t.Run("nor is a pipe", func(t *testing.T) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		defer w.Close()
		if Is(w) {
			t.Error("taken for one")
		}
	})
	t.Run("nor is what is closed", func(t *testing.T) {
		f := opened(t, os.DevNull, os.O_WRONLY)
		_ = f.Close()
		if Is(f) {
			t.Error("taken for one")
		}
	})
}
