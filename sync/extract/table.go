package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"annuaire"
)

// defaultBlock is the piece of file a worker takes at a time: small enough to share the work evenly, large enough for its
// start and its line count to cost nothing.
const defaultBlock = 4 << 20

// Table is an open extract. Its methods but Close may be called by several goroutines at once.
type Table struct {
	Columns        []string // names in the file, trimmed, without a trailing empty one
	Extra          []string // those of them that are not known, ignored
	Missing        []string // known columns, none of them required, that the file lacks
	HeaderFallback bool     // the header was Windows-1252

	file   File
	opt    Limits
	layout *layout
	r      io.ReaderAt
	closer func() error
	size   int64 // of the text
	data   int64 // offset of the first line after the header
	block  int64
}

// Open prepares f for reading. A plain file is read in place; a ZIP member is first written to a temporary file in tmpDir, which
// Close removes, its CRC, size and compression ratio checked. What is wrong with the file is an annuaire.Error of code invalid.
func Open(ctx context.Context, f File, tmpDir string, opt Limits) (*Table, error) {
	t := &Table{file: f, opt: opt.withDefaults(), block: defaultBlock}
	if int(f.Kind) >= int(numKinds) {
		return nil, fmt.Errorf("extract: unknown kind %d", f.Kind)
	}
	var err error
	if f.Member != "" {
		err = t.openMember(ctx, tmpDir)
	} else {
		err = t.openPlain()
	}
	if err != nil {
		return nil, err
	}
	if err := t.readHeader(ctx); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (t *Table) openPlain() error {
	f, err := os.Open(t.file.Path)
	if err != nil {
		return annuaire.Errorf(annuaire.CodeInvalid, "from", fmt.Sprintf("fichier illisible : %s", t.file.Name()),
			fmt.Sprintf("file cannot be read: %s", t.file.Name()), err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = annuaire.Invalid("from", "%s n'est pas un fichier ordinaire", "%s is not a regular file", t.file.Name())
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	t.r, t.size, t.closer = f, info.Size(), f.Close
	t.mapIt(f, f.Close)
	return nil
}

// mapIt reads f through a mapping from now on, where the system gives one.
func (t *Table) mapIt(f *os.File, closer func() error) {
	if t.size == 0 {
		return
	}
	if m, err := mapFile(f); err == nil {
		t.r, t.closer = m, func() error { return errors.Join(m.data.Unmap(), closer()) }
	}
}

func (t *Table) openMember(ctx context.Context, tmpDir string) error {
	f, size, err := unzip(ctx, t.file, tmpDir, t.opt)
	if err != nil {
		return err
	}
	t.r, t.size = f, size
	t.closer = func() error {
		err := f.Close()
		if rerr := os.Remove(f.Name()); rerr != nil && !errors.Is(rerr, os.ErrNotExist) {
			err = errors.Join(err, rerr)
		}
		return err
	}
	t.mapIt(f, t.closer)
	return nil
}

func (t *Table) readHeader(ctx context.Context) error {
	l := newLines(t, 0, t.size)
	line, err := l.next(ctx)
	if err == io.EOF {
		return annuaire.Invalid("from", "%s est vide", "%s is empty", t.file.Name())
	}
	if err != nil {
		return err
	}
	if line.long {
		return annuaire.Invalid("from", "%s : la première ligne est trop longue", "%s: the first line is too long", t.file.Name())
	}
	if t.layout, err = readHeader(t.file.Kind, t.file.Name(), line.text); err != nil {
		return err
	}
	t.Columns, t.Extra, t.Missing, t.HeaderFallback = t.layout.columns, t.layout.extra, t.layout.missing, t.layout.fallback
	t.data = l.offset()
	return nil
}

// Close releases the file and removes what Open unpacked.
func (t *Table) Close() error {
	if t.closer == nil {
		return nil
	}
	err := t.closer()
	t.closer = nil
	if err != nil {
		return fmt.Errorf("extract: closing: %w", err)
	}
	return nil
}

// ReadRow reads again the row of n bytes at offset off, as Scan gave them, into row. Each goroutine brings its own Row.
func (t *Table) ReadRow(off int64, n int, into *Row) error {
	if n < 0 || n > t.opt.MaxLine || off < 0 || off > t.size-int64(n) {
		return fmt.Errorf("extract: no row of %d bytes at %d in %s", n, off, t.file.Name())
	}
	if cap(into.buf) < n {
		into.buf = make([]byte, n, n+n/2)
	}
	into.buf = into.buf[:n]
	if m, err := t.r.ReadAt(into.buf, off); m < n {
		return fmt.Errorf("extract: reading a row of %s again: %w", t.file.Name(), err)
	}
	into.Line, into.Offset, into.Len = 0, off, n
	if reason := into.parse(t, into.buf); reason != "" {
		return fmt.Errorf("extract: row at %d of %s: %s", off, t.file.Name(), reason)
	}
	return nil
}
