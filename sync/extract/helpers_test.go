package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"annuaire"
)

// rejectList is a sink that remembers.
type rejectList struct {
	mu   sync.Mutex
	list []Reject
}

func (l *rejectList) Reject(r Reject) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, r)
	return nil
}

// place is what a first pass keeps of a row.
type place struct {
	key, hash uint64
	offset    int64
	size      int
}

// skillLine is a right row of SavoirFaire for a person: RPPS numbers here begin with 990.
func skillLine(id string) string {
	return "8|" + id + "|8" + id + "|EXEMPLE|PRENOM|10|Médecin|C|Civil|S|Spécialité ordinale|SM54|Médecine générale"
}

func skillHeader() string { return strings.Join(Header(Skills), "|") }

func write(t testing.TB, dir, name, text string) string {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// openText opens text as an extract of kind k.
func openText(t testing.TB, k Kind, text string, opt Limits) *Table {
	t.Helper()
	table, err := tryText(t, k, text, opt)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func tryText(t testing.TB, k Kind, text string, opt Limits) (*Table, error) {
	t.Helper()
	return openFile(t, File{Kind: k, Path: write(t, t.TempDir(), "extract.txt", text)}, opt)
}

func openFile(t testing.TB, f File, opt Limits) (*Table, error) {
	t.Helper()
	table, err := Open(context.Background(), f, t.TempDir(), opt)
	if err == nil {
		t.Cleanup(func() {
			if err := table.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return table, err
}

// openSample opens a file of testdata.
func openSample(t testing.TB, k Kind, name string) *Table {
	t.Helper()
	table, err := openFile(t, File{Kind: k, Path: filepath.Join("testdata", name)}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// collect scans with one worker and returns what decode makes of each row.
func collect[T any](t testing.TB, table *Table, decode func(*Row) T) ([]T, Stats) {
	t.Helper()
	var out []T
	stats, err := table.Scan(context.Background(), 1, func(_ int, r *Row) error {
		out = append(out, decode(r))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, stats
}

// get returns the columns of a row as strings.
func get(cols ...Col) func(*Row) []string {
	return func(r *Row) []string {
		var out []string
		for _, c := range cols {
			out = append(out, string(r.Get(c)))
		}
		return out
	}
}

// member is an entry of a test archive.
type member struct {
	name, text string
	store      bool
}

func archive(t testing.TB, members ...member) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: zip.Deflate, Modified: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
		if m.store {
			h.Method = zip.Store
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(m.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// wantInvalid checks that err is the user's fault and that its message, in both languages, says each of parts.
func wantInvalid(t testing.TB, err error, parts ...string) {
	t.Helper()
	if annuaire.CodeOf(err) != annuaire.CodeInvalid {
		t.Fatalf("error %v, want one of code invalid", err)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q does not say %q", err, p)
		}
	}
}
