package cards

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"annuaire"
)

// Limits of an extract.
const (
	maxFile  = 4 << 30 // bytes of the text; the real one has some hundred megabytes
	maxRatio = 100     // of compression; real ones are near 5
	maxLine  = 16 << 10
)

// File is an extract on disk.
type File struct {
	Path  string
	Stamp time.Time // UTC: the 12 digits of the name, else the date of the file
	Size  int64     // of the file
}

// Name says which file it is without saying where it lies.
func (f File) Name() string { return filepath.Base(f.Path) }

var fileName = regexp.MustCompile(`(?i)^porteurs[-_]cps[-_]cpf(?:_(\d{12}))?\.(txt|zip)$`)

// Named reports whether a name is that of an extract of cards, at the ANS or on data.gouv.fr.
func Named(name string) bool { return fileName.MatchString(name) }

// Find returns the newest extract in paths: folders (searched with their sub-folders), or files.
func Find(paths ...string) (best File, found bool, err error) {
	for _, root := range paths {
		real, err := filepath.EvalSymlinks(root)
		if err != nil {
			return best, found, fmt.Errorf("cards: %w", err)
		}
		err = filepath.WalkDir(real, func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case strings.HasPrefix(d.Name(), ".") && p != real && d.IsDir():
				return filepath.SkipDir
			case d.IsDir() || !Named(d.Name()):
				return nil
			}
			info, err := os.Stat(p)
			if err != nil || !info.Mode().IsRegular() {
				return nil
			}
			f := File{Path: p, Stamp: info.ModTime().UTC().Truncate(time.Second), Size: info.Size()}
			if at, err := time.Parse("200601021504", fileName.FindStringSubmatch(d.Name())[1]); err == nil {
				f.Stamp = at
			}
			if !found || f.Stamp.After(best.Stamp) {
				best, found = f, true
			}
			return nil
		})
		if err != nil {
			return best, found, fmt.Errorf("cards: %w", err)
		}
	}
	return best, found, nil
}

// open returns the text of an extract, of the one text in it where it is a ZIP.
func (f File) open() (io.ReadCloser, error) {
	if !strings.EqualFold(filepath.Ext(f.Path), ".zip") {
		in, err := os.Open(f.Path)
		if err != nil {
			return nil, fmt.Errorf("cards: %w", err)
		}
		return &bounded{Reader: io.LimitReader(in, maxFile+1), closers: []io.Closer{in}, left: maxFile}, nil
	}
	z, err := zip.OpenReader(f.Path)
	if err != nil {
		return nil, annuaire.Errorf(annuaire.CodeInvalid, "cards", "archive des cartes illisible", "the archive of cards cannot be read", err)
	}
	for _, m := range z.File {
		if !strings.EqualFold(filepath.Ext(m.Name), ".txt") {
			continue
		}
		in, err := m.Open()
		if err != nil {
			return nil, errors.Join(annuaire.Errorf(annuaire.CodeInvalid, "cards", "archive des cartes illisible", "the archive of cards cannot be read", err), z.Close())
		}
		left := min(int64(maxFile), max(int64(m.CompressedSize64)*maxRatio, 1<<20))
		return &bounded{Reader: in, closers: []io.Closer{in, z}, left: left}, nil
	}
	return nil, errors.Join(annuaire.Invalid("cards", "aucun fichier .txt dans l'archive des cartes", "no .txt file in the archive of cards"), z.Close())
}

// bounded refuses to give more than it may, whatever an archive says of itself.
type bounded struct {
	io.Reader
	closers []io.Closer
	left    int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, annuaire.Invalid("cards", "fichier des cartes trop grand", "the file of cards is too large")
	}
	return n, err
}

// Close implements io.Closer.
func (b *bounded) Close() error {
	var errs []error
	for _, c := range b.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}
