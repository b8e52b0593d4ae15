package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// wires keep connections to one server. It stands where net/http's client would: that one hands each question and each answer from
// goroutine to goroutine, on the processors of whom it measures, while pgbench, which asks the peer, writes and reads.
type wires struct {
	host string

	mu   sync.Mutex
	idle []*wire
}

// wire is one connection (RFC 9112): a question at a time.
type wire struct {
	net.Conn
	in   *bufio.Reader
	used bool
}

// patience is how long one answer may take.
const patience = time.Minute

func newWires(base string) *wires { return &wires{host: strings.TrimPrefix(base, "http://")} }

func (p *wires) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.idle {
		w.Close()
	}
	p.idle = nil
}

func (p *wires) take(ctx context.Context) (*wire, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return w, nil
	}
	p.mu.Unlock()
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.host)
	if err != nil {
		return nil, err
	}
	return &wire{Conn: c, in: bufio.NewReaderSize(c, 64<<10)}, nil
}

func (p *wires) put(w *wire) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, w)
}

// get asks for path and returns the answer with the time it took. A status other than 200 is an error.
func (p *wires) get(ctx context.Context, path string) (body []byte, took time.Duration, err error) {
	for {
		w, err := p.take(ctx)
		if err != nil {
			return nil, 0, err
		}
		begun := time.Now()
		res, body, err := w.ask(p.host, path)
		took := time.Since(begun)
		switch {
		case err == nil && res.StatusCode == http.StatusOK:
			if w.used = true; res.Close {
				w.Close()
			} else {
				p.put(w)
			}
			return body, took, nil
		case err == nil:
			err = fmt.Errorf("%s: status %d: %s", path, res.StatusCode, body)
		case w.used && errors.Is(err, errUnanswered): // the server ends connections that were idle for long
			w.Close()
			continue
		}
		w.Close()
		return nil, took, err
	}
}

// errUnanswered is of a connection that was ended before a byte of the answer had come.
var errUnanswered = errors.New("the server ended the connection")

func (w *wire) ask(host, path string) (*http.Response, []byte, error) {
	if err := w.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, nil, err
	}
	if _, err := io.WriteString(w, "GET "+path+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); err != nil {
		return nil, nil, errors.Join(errUnanswered, err)
	}
	if _, err := w.in.Peek(1); err != nil {
		return nil, nil, errors.Join(errUnanswered, err)
	}
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	if res.ContentLength < 0 {
		body, err := io.ReadAll(res.Body)
		return res, body, err
	}
	body := make([]byte, res.ContentLength)
	_, err = io.ReadFull(res.Body, body)
	return res, body, err
}
