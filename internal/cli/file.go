package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"annuaire/internal/durable"
)

// Open opens a file that a command line names; "-" is the standard input. That it cannot be opened is a wrong command line.
func Open(c *cobra.Command, path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(c.InOrStdin()), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, Usage(err)
	}
	return f, nil
}

// maxText bounds a text that is read from a file, in bytes.
const maxText = 1 << 20

// ReadText reads a file of up to 1 MiB that a command line names; "-" is the standard input.
func ReadText(c *cobra.Command, path string) (string, error) {
	f, err := Open(c, path)
	if err != nil {
		return "", err
	}
	defer f.Close() // only read
	b, err := io.ReadAll(io.LimitReader(f, maxText+1))
	if err == nil && len(b) > maxText {
		err = fmt.Errorf("%s: more than %d bytes", path, maxText)
	}
	return string(b), Usage(err)
}

// Write has fn write to a new file of mode 0600, or to the standard output for "" and "-". A file is there whole or not at all, and replaces
// none: that there is one already is a wrong command line. It returns the size of the file in bytes.
func Write(c *cobra.Command, path string, fn func(io.Writer) error) (size int64, err error) {
	if path == "" || path == "-" {
		return 0, fn(c.OutOrStdout())
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return 0, Usage(fmt.Errorf("%s exists already: give another name with --out", path))
	}
	err = durable.Write(path, func(f *os.File) (err error) {
		if err = fn(f); err == nil {
			size, err = f.Seek(0, io.SeekCurrent)
		}
		return err
	})
	return size, err
}
