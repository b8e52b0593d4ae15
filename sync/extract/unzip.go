package extract

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/flate"

	"annuaire"
)

// bombFloor is the size below which the compression ratio is not looked at: a handful of equal rows compresses very well.
const bombFloor = 1 << 20

// encrypted is the bit of the general purpose flags that marks an encrypted member (APPNOTE 4.4.4).
const encrypted = 0x1

// unzip writes the member of f to a temporary file in tmpDir and returns it with its size. archive/zip checks the CRC at the
// end of the member; declared size, actual size and compression ratio are held to opt.
func unzip(ctx context.Context, f File, tmpDir string, opt Limits) (_ *os.File, size int64, err error) {
	z, err := zip.OpenReader(f.Path)
	if err != nil {
		return nil, 0, badArchive(f.Path, err)
	}
	defer z.Close()
	// Inflating is what opening costs: the inflater of klauspost took two thirds of the standard one's time here.
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	m, err := findMember(z, f, opt)
	if err != nil {
		return nil, 0, err
	}
	in, err := m.Open()
	if err != nil {
		return nil, 0, badArchive(f.Path, err)
	}
	defer in.Close()
	out, err := os.CreateTemp(tmpDir, "extract-*.txt")
	if err != nil {
		return nil, 0, fmt.Errorf("extract: temporary file: %w", err)
	}
	defer func() {
		if err != nil {
			out.Close()
			os.Remove(out.Name())
		}
	}()
	// The open descriptor keeps the file alive: unlinked now, it cannot outlive a killed run. Where the system refuses (Windows),
	// Table.Close removes it.
	_ = os.Remove(out.Name())
	size, err = copyMember(ctx, out, in, m, f, opt)
	return out, size, err
}

// findMember returns the member f names, once its directory entry is acceptable.
func findMember(z *zip.ReadCloser, f File, opt Limits) (*zip.File, error) {
	for _, m := range z.File {
		switch {
		case m.Name != f.Member:
		case !safeMember(m.Name):
			return nil, annuaire.Invalid("from", "membre %q refusé : nom dangereux", "member %q refused: unsafe name", m.Name)
		case m.Flags&encrypted != 0:
			return nil, annuaire.Invalid("from", "%s est chiffré", "%s is encrypted", f.Name())
		case m.UncompressedSize64 > uint64(opt.MaxFile):
			return nil, tooLarge(f, opt)
		case isBomb(m.UncompressedSize64, m.CompressedSize64, opt):
			return nil, bomb(f, opt)
		default:
			return m, nil
		}
	}
	return nil, annuaire.Invalid("from", "%s n'est plus dans l'archive", "%s is no longer in the archive", f.Name())
}

// copyMember copies in to out by pieces, so that a cancelled context stops it, and believes what it reads, not what the
// directory entry declares.
func copyMember(ctx context.Context, out io.Writer, in io.Reader, m *zip.File, f File, opt Limits) (int64, error) {
	buf := make([]byte, 256<<10)
	var size int64
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n, err := in.Read(buf)
		size += int64(n)
		if size > opt.MaxFile {
			return 0, tooLarge(f, opt)
		}
		if isBomb(uint64(size), m.CompressedSize64, opt) {
			return 0, bomb(f, opt)
		}
		if _, werr := out.Write(buf[:n]); werr != nil {
			return 0, fmt.Errorf("extract: temporary file: %w", werr)
		}
		if err == io.EOF {
			return size, nil
		}
		if err != nil {
			return 0, badArchive(f.Path, err)
		}
	}
}

func isBomb(size, compressed uint64, opt Limits) bool {
	return size > bombFloor && size/uint64(opt.MaxRatio) > compressed
}

func tooLarge(f File, opt Limits) error {
	return annuaire.Invalid("from", "%s dépasse la taille admise (%d octets)", "%s is larger than allowed (%d bytes)", f.Name(), opt.MaxFile)
}

func bomb(f File, opt Limits) error {
	return annuaire.Invalid("from", "%s refusé : taux de compression supérieur à %d", "%s refused: compression ratio above %d",
		f.Name(), opt.MaxRatio)
}
