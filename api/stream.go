package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
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
	if s.pending == 0 {
		_ = http.NewResponseController(s.c.Response()).SetWriteDeadline(time.Now().Add(writeTimeout)) // a recorder in a test has none
	}
	if _, err := s.c.Response().Write([]byte(t)); err != nil {
		return err
	}
	if s.pending += len(t); s.pending >= flushEvery {
		return s.flush()
	}
	return nil
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
