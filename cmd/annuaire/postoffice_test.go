package main

import (
	"bytes"
	"io"
	"net"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// postOffice is an SMTP server that takes everything and keeps it.
type postOffice struct {
	came chan struct{} // something has come since next looked

	mu      sync.Mutex
	letters []letter
	seen    int // of the letters, by next
}

type letter struct{ to, id, subject, body, whole string } // as it was sent

// NewSession implements smtp.Backend.
func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &counter{office: p}, nil }

type counter struct {
	office *postOffice
	to     string
}

func (c *counter) Reset()                                    {}
func (c *counter) Logout() error                             { return nil }
func (c *counter) Mail(string, *smtp.MailOptions) error      { return nil }
func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error { c.to = to; return nil }
func (c *counter) Data(r io.Reader) error {
	whole, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(whole))
	if err != nil {
		return err
	}
	b, err := io.ReadAll(m.Body)
	c.office.mu.Lock()
	c.office.letters = append(c.office.letters, letter{c.to, m.Header.Get("Message-ID"), m.Header.Get("Subject"), string(b), string(whole)})
	c.office.mu.Unlock()
	select {
	case c.office.came <- struct{}{}:
	default:
	}
	return err
}

func openPostOffice(t *testing.T) (*postOffice, string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &postOffice{came: make(chan struct{}, 1)}
	srv := smtp.NewServer(p)
	done := make(chan struct{})
	go func() { _ = srv.Serve(ln); close(done) }()
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return p, ln.Addr().String()
}

// next waits for the next letter.
func (p *postOffice) next(t *testing.T) letter {
	t.Helper()
	for late := time.After(deadline); ; {
		p.mu.Lock()
		if p.seen < len(p.letters) {
			l := p.letters[p.seen]
			p.seen++
			p.mu.Unlock()
			return l
		}
		p.mu.Unlock()
		select {
		case <-p.came:
		case <-late:
			t.Fatal("no message came")
		}
	}
}

// byRecipient are the letters that came so far.
func (p *postOffice) byRecipient() map[string][]letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string][]letter{}
	for _, l := range p.letters {
		out[l.to] = append(out[l.to], l)
	}
	return out
}
