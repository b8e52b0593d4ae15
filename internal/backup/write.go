package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// Write writes a backup of d to w while d is in use, and says what it holds. The databases are first copied inside the data directory:
// that is fast, whereas whoever reads w may be slow, and a snapshot must not stay open for long. It needs as much free room there as they
// take.
func Write(ctx context.Context, d *directory.Directory, program string, w io.Writer) (m Manifest, err error) {
	tmp, err := os.MkdirTemp(d.Path("incoming"), "backup-")
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	info, err := d.Info()
	if err != nil {
		return m, err
	}
	m = Manifest{Format: Format, Program: program, Created: time.Now().UTC().Truncate(time.Second), Extract: info.Extract}
	files, err := copyOut(ctx, d, tmp, &m)
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return m, err
	}
	if err := pack(ctx, z, m, tmp, files); err != nil {
		return m, errors.Join(fmt.Errorf("backup: %w", err), z.Close())
	}
	return m, z.Close()
}

// copied is a database outside the directory it comes from.
type copied struct{ name, sum string }

// copyOut copies the databases, as they are at one moment, into a folder.
func copyOut(ctx context.Context, d *directory.Directory, to string, m *Manifest) (files []copied, err error) {
	err = d.Snapshot(func(ledger, records *store.Snapshot) error {
		m.Seq, m.Generation = ledger.Seq(), ledger.Generation()
		c, err := copyOne(ctx, ledger, to, ledgerName)
		if err != nil {
			return err
		}
		files = append(files, c)
		if records == nil {
			m.Generation = ""
			return nil
		}
		c, err = copyOne(ctx, records, to, recordsName)
		files = append(files, c)
		return err
	})
	return files, err
}

func copyOne(ctx context.Context, s *store.Snapshot, dir, name string) (c copied, err error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return c, err
	}
	h := sha256.New()
	_, err = s.WriteTo(io.MultiWriter(while{ctx, f}, h))
	return copied{name, fmt.Sprintf("%x", h.Sum(nil))}, errors.Join(err, f.Close())
}

// pack writes the archive.
func pack(ctx context.Context, w io.Writer, m Manifest, dir string, files []copied) error {
	t := tar.NewWriter(while{ctx, w})
	head, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	if err := member(t, m, manifestName, int64(len(head)), strings.NewReader(string(head))); err != nil {
		return err
	}
	sums := fmt.Sprintf("%x  %s\n", sha256.Sum256(head), manifestName)
	for _, c := range files {
		if err := addFile(t, m, filepath.Join(dir, c.name)); err != nil {
			return err
		}
		sums += c.sum + "  " + c.name + "\n"
	}
	if err := member(t, m, sumsName, int64(len(sums)), strings.NewReader(sums)); err != nil {
		return err
	}
	return t.Close()
}

func addFile(t *tar.Writer, m Manifest, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	st, err := f.Stat()
	if err != nil {
		return err
	}
	return member(t, m, filepath.Base(path), st.Size(), f)
}

func member(t *tar.Writer, m Manifest, name string, size int64, r io.Reader) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: m.Created, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := io.Copy(t, r)
	return err
}

// while is a writer that fails once its context has ended.
type while struct {
	ctx context.Context
	w   io.Writer
}

// Write implements io.Writer.
func (w while) Write(b []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.w.Write(b)
}
