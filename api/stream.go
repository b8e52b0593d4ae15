package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire/internal/sheet"
)

// What a stream is of.
const (
	mimeCSV    = "text/csv; charset=utf-8; header=present" // RFC 4180
	mimeNDJSON = "application/x-ndjson"
)

// stream writes an answer piece by piece, each with its own deadline: it may take long, but not stand still.
type stream struct {
	c       echo.Context
	pending int
}

func newStream(c echo.Context, mime string) *stream {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, mime)
	h.Set(echo.HeaderCacheControl, "no-store")
	return &stream{c: c}
}

// flushEvery is how many bytes are kept before they are sent.
const flushEvery = 64 << 10

func (s *stream) line(v any) error {
	b, err := encode(v)
	if err != nil {
		return s.failed(err)
	}
	return s.text(string(b))
}

func (s *stream) text(t string) error {
	_, err := s.Write([]byte(t))
	return err
}

// Write implements io.Writer.
func (s *stream) Write(b []byte) (int, error) {
	_ = http.NewResponseController(s.c.Response()).SetWriteDeadline(time.Now().Add(writeTimeout)) // a recorder in a test has none
	n, err := s.c.Response().Write(b)
	if s.pending += n; err == nil && s.pending >= flushEvery {
		err = s.flush()
	}
	return n, err
}

// table writes the rows of a spreadsheet, the first of them the headings, and ends the stream.
func (s *stream) table(rows [][]string) error {
	w := sheet.NewWriter(s)
	for _, r := range rows {
		if err := w.Row(r); err != nil {
			return s.failed(err)
		}
	}
	if err := w.Flush(); err != nil {
		return s.failed(err)
	}
	return s.end()
}

func (s *stream) flush() error {
	s.pending = 0
	s.c.Response().Flush()
	return s.c.Request().Context().Err()
}

func (s *stream) end() error {
	if !s.c.Response().Committed {
		s.c.Response().WriteHeader(http.StatusOK)
	}
	return nil
}

// failed ends a stream that cannot go on: before the first byte as any error, later by cutting the connection, which a client sees.
func (s *stream) failed(err error) error {
	if s.c.Response().Committed {
		panic(http.ErrAbortHandler)
	}
	s.c.Response().Header().Del(echo.HeaderContentDisposition) // a problem is no file to keep
	return err
}
