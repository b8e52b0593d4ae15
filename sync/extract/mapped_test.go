package extract

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMapped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	text := strings.Repeat("0123456789", 2000) // five pages
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := mapFile(f)
	if err != nil {
		t.Fatal(err)
	}
	defer m.data.Unmap()
	b := make([]byte, 10)
	t.Run("reads what the file holds", func(t *testing.T) {
		if n, err := m.ReadAt(b, 12345); n != 10 || err != nil || string(b) != text[12345:12355] {
			t.Fatal(n, err, string(b))
		}
	})
	t.Run("the end of the file is the end", func(t *testing.T) {
		if n, err := m.ReadAt(b, int64(len(text)-3)); n != 3 || err != io.EOF {
			t.Fatal(n, err)
		}
		if n, err := m.ReadAt(b, int64(len(text))); n != 0 || err != io.EOF {
			t.Fatal(n, err)
		}
	})
	t.Run("a file cut while it is read is an error, not a crash", func(t *testing.T) {
		if err := os.Truncate(path, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := m.ReadAt(b, 9000); !errors.Is(err, errFault) {
			t.Fatal(err)
		}
	})
}
