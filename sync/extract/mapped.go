package extract

import (
	"errors"
	"io"
	"os"
	"runtime/debug"

	mmap "github.com/blevesearch/mmap-go"
)

// errFault is a read of a part of a file that is not there any more: someone cut the file while it was read.
var errFault = errors.New("extract: the file was cut while it was read")

// mapped reads a file through the page cache without a system call per row: five million rows are read a second time.
type mapped struct{ data mmap.MMap }

// mapFile maps f as long as it is now; f may not be closed before the mapping is released.
func mapFile(f *os.File) (*mapped, error) {
	data, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, err
	}
	return &mapped{data}, nil
}

// ReadAt implements io.ReaderAt. A page that has left the file is an error, not the end of the process.
func (m *mapped) ReadAt(b []byte, off int64) (n int, err error) {
	if off < 0 || off >= int64(len(m.data)) {
		return 0, io.EOF
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil { // only copy can panic here
			n, err = 0, errFault
		}
	}()
	if n = copy(b, m.data[off:]); n < len(b) {
		err = io.EOF
	}
	return n, err
}
