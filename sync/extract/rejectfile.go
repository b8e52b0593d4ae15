package extract

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// RejectFile writes rejected rows as NDJSON, one object per line: file, line, reason, size, and row or row_base64. The file,
// of mode 0600, comes into being with the first reject. Its methods may be called by several goroutines at once.
type RejectFile struct {
	path string

	mu     sync.Mutex
	f      *os.File
	w      *bufio.Writer
	count  int64
	closed bool
}

// NewRejectFile returns a sink that will write to path, over what may be there.
func NewRejectFile(path string) *RejectFile { return &RejectFile{path: path} }

// Reject appends r.
func (s *RejectFile) Reject(r Reject) error {
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("rejects file: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("rejects file: %w", os.ErrClosed)
	}
	if s.f == nil {
		if err := s.create(); err != nil {
			return err
		}
	}
	s.count++
	if _, err := s.w.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("rejects file: %w", err)
	}
	return nil
}

// create makes the file anew rather than truncating: an old one may have a wider mode.
func (s *RejectFile) create() error {
	if err := os.Remove(s.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("rejects file: %w", err)
	}
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("rejects file: %w", err)
	}
	s.f, s.w = f, bufio.NewWriterSize(f, 64<<10)
	return nil
}

// Count returns the number of rejects so far.
func (s *RejectFile) Count() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// Path returns where the rejects are, "" as long as there are none.
func (s *RejectFile) Path() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.f == nil {
		return ""
	}
	return s.path
}

// Close writes out what is pending and syncs it. A second call does nothing.
func (s *RejectFile) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.f == nil {
		s.closed = true
		return nil
	}
	s.closed = true
	if err := errors.Join(s.w.Flush(), s.f.Sync(), s.f.Close()); err != nil {
		return fmt.Errorf("rejects file: %w", err)
	}
	return nil
}

// ReadRejects calls fn for each reject of an NDJSON stream, in order.
func ReadRejects(r io.Reader, fn func(Reject) error) error {
	d := json.NewDecoder(r)
	for {
		var rej Reject
		if err := d.Decode(&rej); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("rejects file: %w", err)
		}
		if err := fn(rej); err != nil {
			return err
		}
	}
}
