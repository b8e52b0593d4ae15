package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"go.uber.org/goleak"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	ctx = context.Background()
	day = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)
)

const anna, bea = "899000000017", "899000000025"

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func packed(t testing.TB, p annuaire.Professional) ([]byte, store.Print) {
	t.Helper()
	body, hash := store.Body(&p)
	return store.Pack(body, annuaire.Source{Extract: day, Run: "000001"}), store.Print{Rows: 1, Content: hash}
}

// open opens a data directory that the test closes.
func open(t testing.TB, dir string) *directory.Directory {
	t.Helper()
	d, err := directory.Open(dir)
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()) })
	return d
}

func runOf(id string) store.Run {
	return store.Run{ID: id, Extract: day, Info: store.Info{Extract: day, Run: id, Model: 1}}
}

// loaded is a data directory with two people.
func loaded(t testing.TB) *directory.Directory {
	t.Helper()
	d := open(t, t.TempDir())
	fill(t, d)
	return d
}

// fill loads two people.
func fill(t testing.TB, d *directory.Directory) {
	t.Helper()
	b, err := d.Build("000001")
	ok(t, err)
	for _, id := range []string{anna, bea} {
		p := annuaire.Professional{ID: id, Family: "EXEMPLE"}
		rec, pr := packed(t, p)
		ok(t, b.Store.PutPerson(id, rec, pr))
		ok(t, b.People.Add(index.PersonDoc{Person: &p}))
	}
	load := store.Entry{Kind: annuaire.KindLoad, Op: annuaire.Created, ID: "000001", Run: "000001", Time: day}
	ok(t, b.Publish(runOf("000001"), []store.Entry{load}, func(*directory.Generation) error { return nil }))
}

// leave commits the departure of a person.
func leave(t testing.TB, d *directory.Directory, run, id string) {
	t.Helper()
	ok(t, d.Apply(runOf(run), []store.Entry{{Kind: annuaire.KindPerson, Op: annuaire.Gone, ID: id, Run: run, Time: day}}, nil))
}

func written(t testing.TB, d *directory.Directory) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := Write(ctx, d, "test", &b)
	ok(t, err)
	return b.Bytes()
}

func people(t testing.TB, d *directory.Directory) int {
	t.Helper()
	page, err := d.SearchProfessionals(ctx, annuaire.Query{})
	ok(t, err)
	return page.Total
}

// edited rewrites the members of a backup.
func edited(t *testing.T, saved []byte, edit func(name, body string) (string, string)) []byte {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader(saved))
	ok(t, err)
	defer z.Close()
	var out bytes.Buffer
	zw, err := zstd.NewWriter(&out)
	ok(t, err)
	w := tar.NewWriter(zw)
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			ok(t, errors.Join(w.Close(), zw.Close()))
			return out.Bytes()
		}
		ok(t, err)
		b, err := io.ReadAll(r)
		ok(t, err)
		name, body := edit(h.Name, string(b))
		h.Name, h.Size = name, int64(len(body))
		ok(t, w.WriteHeader(h))
		_, err = io.WriteString(w, body)
		ok(t, err)
	}
}

// tree is everything that lies in a data directory but the folder of what is under way.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	ok(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			out.WriteString(path + "\n")
			return err
		}
		b, err := os.ReadFile(path)
		out.WriteString(path + " " + string(b) + "\n")
		return err
	}))
	return out.String()
}
