package api

import (
	"bytes"
	"io"
	"os"

	"github.com/labstack/echo/v4"
)

// spoolMemory is how much of a report is kept in memory; the rest goes to a file without a name.
const spoolMemory = 1 << 20

// spool keeps a report until the request is read: a client that sends and does not read yet would otherwise stop both.
type spool struct {
	buf  bytes.Buffer
	file *os.File
}

// line adds a line of JSON.
func (s *spool) line(v any) error {
	b, err := encode(v)
	if err != nil {
		return err
	}
	if s.buf.Len() > spoolMemory {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.buf.Write(b)
	return nil
}

func (s *spool) spill() (err error) {
	if s.file == nil {
		if s.file, err = os.CreateTemp("", "annuaire-report-*"); err != nil {
			return err
		}
		_ = os.Remove(s.file.Name()) // the open descriptor keeps it; where the system refuses, close removes it
	}
	_, err = s.buf.WriteTo(s.file)
	return err
}

// send answers 200 with the report, in pieces that each have their own deadline.
func (s *spool) send(c echo.Context) error {
	parts := []io.Reader{&s.buf}
	if s.file != nil {
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		parts = []io.Reader{s.file, &s.buf}
	}
	out := newStream(c, mimeNDJSON)
	if _, err := io.Copy(out, struct{ io.Reader }{io.MultiReader(parts...)}); err != nil { // in pieces: the reader alone has no WriteTo, which is one
		return out.failed(err)
	}
	return out.end()
}

func (s *spool) close() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
	}
}
