package testsource

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

// Status answers with a status and headers (name, value, ...).
func Status(code int, header ...string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ File) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// Redirect leads elsewhere.
func Redirect(to string) Fault { return Status(http.StatusFound, "Location", to) }

// Page is a web page in place of the file, as a service under maintenance sends it; declared says whether it says that it is one.
func Page(declared bool) Fault {
	f := File{Body: []byte("<!DOCTYPE html>\n<html><title>Maintenance</title>Le service revient bientôt.</html>")}
	if declared {
		f.Type = "text/html; charset=utf-8"
	}
	return func(w http.ResponseWriter, r *http.Request, _ File) { Serve(w, r, f) }
}

// Cut breaks the connection after n more bytes of what is asked for.
func Cut(n int) Fault {
	return func(w http.ResponseWriter, r *http.Request, f File) {
		c := &cutter{ResponseWriter: w, left: n}
		Serve(c, r, f)
		panic(http.ErrAbortHandler)
	}
}

type cutter struct {
	http.ResponseWriter
	left int
}

func (c *cutter) Write(b []byte) (int, error) {
	if len(b) > c.left {
		b = b[:c.left]
	}
	n, err := c.ResponseWriter.Write(b)
	if c.left -= n; err == nil && c.left == 0 {
		_ = http.NewResponseController(c.ResponseWriter).Flush() // what was written arrives before the end does
		panic(http.ErrAbortHandler)
	}
	return n, err
}

// Short sends the first n bytes as if they were the whole.
func Short(n int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, f File) {
		head(w, f)
		w.Header().Set("Content-Length", strconv.Itoa(n))
		_, _ = w.Write(f.Body[:n])
	}
}

// Long sends more than was announced to HEAD.
func Long(more int) Fault {
	return func(w http.ResponseWriter, r *http.Request, f File) {
		etag := f.ETag()
		head(w, f)
		w.Header().Set("ETag", etag)
		body := append(bytes.Clone(f.Body), make([]byte, more)...)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}
}

// Drip sends a byte at a time until the client leaves: a slow loris.
func Drip(every time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, f File) {
		head(w, f)
		w.Header().Set("Content-Length", strconv.Itoa(len(f.Body)))
		for i := range f.Body {
			if _, err := w.Write(f.Body[i : i+1]); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(every):
			}
		}
	}
}

// Silence answers nothing until the client leaves.
func Silence() Fault {
	return func(_ http.ResponseWriter, r *http.Request, _ File) { <-r.Context().Done() }
}

// Slowly sends what is asked for in pieces, so that there is time to do something meanwhile.
func Slowly(pieces int, every time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, f File) {
		Serve(&slow{w, r, len(f.Body)/pieces + 1, every}, r, f)
	}
}

type slow struct {
	http.ResponseWriter
	r     *http.Request
	piece int
	every time.Duration
}

func (s *slow) Write(b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = s.ResponseWriter.Write(b[n:min(n+s.piece, len(b))])
		n += m
		_ = http.NewResponseController(s.ResponseWriter).Flush()
		select {
		case <-s.r.Context().Done():
			return n, s.r.Context().Err()
		case <-time.After(s.every):
		}
	}
	return n, err
}
