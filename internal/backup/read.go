package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds the memory that a file can make the decompressor take, in bytes; Write asks for less.
const maxWindow = 64 << 20

// unpack reads a backup into a data directory that it makes under dir, and verifies every byte of it.
func unpack(ctx context.Context, r io.Reader, dir string) (m Manifest, err error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return m, damaged("zstd", err)
	}
	defer z.Close()
	t, sums := tar.NewReader(z), map[string]string{}
	for _, want := range []string{manifestName, ledgerName, recordsName, sumsName} {
		if want == recordsName && m.Generation == "" {
			continue
		}
		h, err := t.Next()
		if err != nil || h.Name != want || h.Typeflag != tar.TypeReg {
			return m, damaged(want, endOf(err))
		}
		var text string
		switch want {
		case manifestName:
			if text, sums[want], err = small(t); err == nil {
				m, err = parseManifest([]byte(text))
			}
		case ledgerName:
			sums[want], err = extract(ctx, t, filepath.Join(dir, ledgerName))
		case recordsName:
			to := filepath.Join(dir, "generations", m.Generation)
			if filepath.Base(m.Generation) != m.Generation || m.Generation == ".." {
				return m, damaged("generation", nil)
			}
			if err = os.MkdirAll(to, 0o700); err == nil {
				sums[want], err = extract(ctx, t, filepath.Join(to, recordsName))
			}
		case sumsName:
			if text, _, err = small(t); err == nil {
				err = compareSums(text, sums)
			}
		}
		if err != nil {
			return m, err
		}
	}
	return m, nil
}

func endOf(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func small(r io.Reader) (text, sum string, err error) {
	b, err := io.ReadAll(io.LimitReader(r, maxSmall+1))
	if err != nil || len(b) > maxSmall {
		return "", "", damaged("size", err)
	}
	return string(b), fmt.Sprintf("%x", sha256.Sum256(b)), nil
}

func extract(ctx context.Context, r io.Reader, path string) (sum string, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	h, disk := sha256.New(), &noting{w: while{ctx, f}}
	if _, err = io.Copy(io.MultiWriter(disk, h), r); err != nil && disk.err == nil {
		err = damaged(filepath.Base(path), err) // it was the reading that failed
	}
	return fmt.Sprintf("%x", h.Sum(nil)), errors.Join(err, f.Sync(), f.Close())
}

// noting is a writer that remembers its error, to tell it from that of the reader.
type noting struct {
	w   io.Writer
	err error
}

// Write implements io.Writer.
func (n *noting) Write(b []byte) (int, error) {
	k, err := n.w.Write(b)
	if err != nil {
		n.err = err
	}
	return k, err
}

func compareSums(text string, got map[string]string) error {
	said := map[string]bool{}
	for line := range strings.Lines(text) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok || got[name] == "" || got[name] != sum {
			return damaged("SHA-256 "+name, nil)
		}
		said[name] = true
	}
	if len(said) != len(got) {
		return damaged(sumsName, nil)
	}
	return nil
}
