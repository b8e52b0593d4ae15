package postings

import (
	"errors"
	"os"

	mmap "github.com/blevesearch/mmap-go"
)

// Persist puts the segment at path, durably: its file moves there, if it has one.
func (s *Segment) Persist(path string) error {
	flags := os.O_WRONLY
	moved := s.path != "" && os.Rename(s.path, path) == nil // else it is written: it is mapped
	if !moved {
		flags |= os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return err
	}
	if !moved {
		_, err = f.Write(s.data)
	}
	return errors.Join(err, f.Sync(), f.Close())
}

// persisted is a segment on disk. Scorch tells the two apart by their methods.
type persisted struct{ *Segment }

// Path returns the file of the segment.
func (p *persisted) Path() string { return p.path }

func openFile(path string) (*persisted, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // a mapping outlives its descriptor
	m, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, err
	}
	s, err := open(m)
	if err != nil {
		return nil, errors.Join(err, m.Unmap())
	}
	s.path, s.unmap = path, m.Unmap
	return &persisted{s}, nil
}

// AddRef keeps the segment open for one more user.
func (s *Segment) AddRef() { s.refs.Add(1) }

// DecRef lets go of the segment; the last user unmaps it.
func (s *Segment) DecRef() error {
	if s.refs.Add(-1) == 0 && s.unmap != nil {
		return s.unmap()
	}
	return nil
}

// Close lets go of the segment.
func (s *Segment) Close() error { return s.DecRef() }

// Size returns the memory it takes besides its data, in bytes, about.
func (s *Segment) Size() int { return 1024 }

// BytesRead is for bleve's statistics, which we do not keep.
func (s *Segment) BytesRead() uint64 { return 0 }

// ResetBytesRead is for bleve's statistics.
func (s *Segment) ResetBytesRead(uint64) {}

// BytesWritten is for bleve's statistics.
func (s *Segment) BytesWritten() uint64 { return uint64(len(s.data)) }
