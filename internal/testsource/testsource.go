// Package testsource is a place that publishes extracts, as a test wants it to behave: a real HTTP server on the loopback, with versions,
// parts (RFC 9110, 14) and every way of going wrong that the real ones have shown. Only tests import it.
package testsource

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"time"
)

// File is what an address serves. Body is sent with the length, ETag and date that go with it.
type File struct {
	Name     string // of Content-Disposition; "" for none
	Body     []byte
	Type     string // Content-Type; "" is application/octet-stream
	Modified time.Time
	NoETag   bool
}

// ETag is that of the body.
func (f File) ETag() string {
	var sum uint64 = 14695981039346656037
	for _, b := range f.Body {
		sum = (sum ^ uint64(b)) * 1099511628211
	}
	return fmt.Sprintf(`"%016x"`, sum)
}

// Fault answers a request in place of the file.
type Fault func(w http.ResponseWriter, r *http.Request, f File)

// Server publishes files.
type Server struct {
	*httptest.Server
	mu     sync.Mutex
	files  map[string]File
	script map[string][]Fault // by method and path: for the next requests, in order; nil for none
	always map[string]Fault

	Heads, Gets atomic.Int64 // requests
	Sent        atomic.Int64 // bytes of bodies
}

// New starts a server, with TLS if asked.
func New(withTLS bool) *Server {
	s := &Server{files: map[string]File{}, script: map[string][]Fault{}, always: map[string]Fault{}}
	if s.Server = httptest.NewUnstartedServer(s); withTLS {
		s.StartTLS()
	} else {
		s.Start()
	}
	return s
}

// Put publishes a file at a path, in place of what was there.
func (s *Server) Put(path string, f File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = f
}

// Play has the next requests (GET, HEAD) of a path answered by faults, one each; a nil one is the file.
func (s *Server) Play(method, path string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script[method+" "+path] = faults
}

// Always has every request of a path answered by a fault, nil: by the file again.
func (s *Server) Always(method, path string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.always[method+" "+path] = f
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		s.Heads.Add(1)
	} else {
		s.Gets.Add(1)
	}
	s.mu.Lock()
	f, known := s.files[r.URL.Path]
	key := r.Method + " " + r.URL.Path
	fault := s.always[key]
	if next := s.script[key]; len(next) > 0 {
		fault, s.script[key] = next[0], next[1:]
	}
	s.mu.Unlock()
	w = &counted{w, &s.Sent}
	switch {
	case fault != nil:
		fault(w, r, f)
	case !known:
		http.NotFound(w, r)
	default:
		Serve(w, r, f)
	}
}

// Serve sends the file, or the part of it that was asked for.
func Serve(w http.ResponseWriter, r *http.Request, f File) {
	head(w, f)
	http.ServeContent(w, r, "", f.Modified, bytes.NewReader(f.Body))
}

func head(w http.ResponseWriter, f File) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	if f.Type != "" {
		h.Set("Content-Type", f.Type)
	}
	if f.Name != "" {
		h.Set("Content-Disposition", "attachment; filename="+f.Name)
	}
	if !f.NoETag {
		h.Set("ETag", f.ETag())
	}
}

// counted counts what is sent.
type counted struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.n.Add(int64(n))
	return n, err
}

// Unwrap lets a ResponseController reach the connection.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }
