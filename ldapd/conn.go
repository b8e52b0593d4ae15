package ldapd

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"annuaire"
	"annuaire/ldapd/ber"
)

// smallBuffer is what an idle connection keeps to read into: all that mail clients send fits.
const smallBuffer = 2 << 10

// conn is one connection. One goroutine reads and answers what takes no time; searches and comparisons run beside it (operation.go) and
// write their answers themselves, a batch at a time. There is no queue of answers: whoever reads slowly makes its own searches wait, and
// is cut off when one write takes too long.
type conn struct {
	s        *Server
	raw      net.Conn // the TCP connection
	key      string   // of the address, for limits
	loopback bool
	implicit bool // TLS comes first
	started  time.Time

	ctx    context.Context // ends with the connection
	cancel context.CancelFunc

	// Of the reading goroutine; the others read nc and who only while it does not change them: nothing runs then.
	nc   net.Conn             // raw, or TLS on it
	tls  *tls.ConnectionState // nil without TLS
	who  annuaire.Caller
	in   []byte // read, from done to len not used yet
	done int
	any  bool // a whole message has come

	wmu     sync.Mutex    // one write at a time
	sorting chan struct{} // one search at a time sorts

	mu      sync.Mutex
	closing bool // the server stops
	ops     map[int32]*operation
	pending []*operation
	running int
	held    int // octets of requests
	count   int // operations so far
	wg      sync.WaitGroup
}

func newConn(ctx context.Context, s *Server, nc net.Conn, key string, loopback, implicit bool) *conn {
	c := &conn{s: s, raw: nc, nc: nc, key: key, loopback: loopback, implicit: implicit, started: time.Now(), sorting: make(chan struct{}, 1)}
	c.ctx, c.cancel = context.WithCancel(ctx)
	return c
}

// errShut ends a connection because the server stops; errIdle because nothing came.
var (
	errShut = errors.New("the server stops")
	errIdle = errors.New("idle for too long")
	errSlow = errors.New("a message that does not end")
	errDone = errors.New("unbind")
)

// serve reads until the connection ends, one way or another.
func (c *conn) serve() {
	defer c.s.leave(c)
	stop := context.AfterFunc(c.ctx, func() { _ = c.raw.Close() }) // when the time to end is over
	err := c.handshake(c.implicit)
	for err == nil {
		var raw []byte
		if raw, err = c.next(); err == nil {
			err = c.handle(raw)
		}
	}
	stop() // from here on this goroutine closes
	c.end(err)
	c.s.log.Debug("ldap connection", "operations", c.count, "tls", c.tls != nil, "authenticated", !c.who.Anonymous(), "lasted", time.Since(c.started).String(),
		"end", err.Error())
}

// end waits for what is under way where the client may still want it, and says why the connection ends where the client would not know.
func (c *conn) end(err error) {
	var notice result
	switch {
	case errors.Is(err, errShut):
		c.finishing()
		notice = say(unavailable, "le serveur s'arrête", "the server stops")
	case errors.Is(err, errIdle):
		notice = say(unavailable, "connexion inactive", "idle connection")
	case errors.Is(err, errSlow):
		notice = say(protocolError, "message incomplet", "incomplete message")
	case errors.Is(err, ber.ErrTooLong):
		notice = say(protocolError, "message trop long", "message too long")
	case errors.Is(err, errEnvelope):
		notice = say(protocolError, "ce n'est pas un message LDAP", "this is no LDAP message")
	}
	c.cancel()
	if notice.code != success && (c.tls != nil || !c.implicit) {
		var e ber.Encoder
		appendNotice(&e, notice)
		c.wmu.Lock()
		_ = c.nc.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = c.nc.Write(e.Buf) // it is going anyway
		c.wmu.Unlock()
	}
	_ = c.raw.Close() // wakes whoever writes
	c.wg.Wait()
}

// finishing waits for what is under way, until the time that the server gives is over.
func (c *conn) finishing() {
	stop := context.AfterFunc(c.ctx, func() { _ = c.raw.Close() })
	c.wg.Wait()
	stop()
}

// oidNotice is the name of the notice of disconnection (RFC 4511, 4.4.1).
const oidNotice = "1.3.6.1.4.1.1466.20036"

func appendNotice(e *ber.Encoder, r result) { appendExtended(e, 0, r, oidNotice, nil) }

// shut asks the reader to end, from another goroutine.
func (c *conn) shut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closing = true
	_ = c.raw.SetReadDeadline(time.Unix(1, 0))
}

// until sets how long to wait for octets; not once the server stops.
func (c *conn) until(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return errShut
	}
	return c.raw.SetReadDeadline(t)
}

// next returns the next message, in a buffer that the one after it uses again. The buffer grows as octets come, not as they are announced.
func (c *conn) next() ([]byte, error) {
	c.settle()
	var deadline time.Time // of the message that has begun
	for {
		size, err := ber.Frame(c.in[c.done:], ber.Sequence, c.maxMessage())
		switch have := len(c.in) - c.done; {
		case errors.Is(err, ber.ErrTooLong):
			return nil, err
		case err != nil:
			return nil, errEnvelope
		case size > 0 && have >= size:
			raw := c.in[c.done : c.done+size]
			c.done += size
			c.any = true
			return raw, nil
		case have > 0 && deadline.IsZero():
			deadline = time.Now().Add(c.s.limits.Message)
		}
		if err := c.fill(deadline); err != nil {
			return nil, err
		}
	}
}

func (c *conn) maxMessage() int {
	if c.who.Anonymous() {
		return c.s.limits.MessageBytes
	}
	return c.s.limits.AuthBytes
}

// settle moves what is left to the front of the buffer, a small one where that is enough.
func (c *conn) settle() {
	left := c.in[c.done:]
	if cap(c.in) > smallBuffer && len(left) <= smallBuffer || c.in == nil {
		c.in = append(make([]byte, 0, smallBuffer), left...)
	} else {
		c.in = c.in[:copy(c.in, left)]
	}
	c.done = 0
}

// fill reads more octets. Without a deadline no message has begun.
func (c *conn) fill(deadline time.Time) error {
	if len(c.in) == cap(c.in) {
		bigger := make([]byte, len(c.in), 2*cap(c.in))
		copy(bigger, c.in)
		c.in = bigger
	}
	begun := !deadline.IsZero()
	for {
		if !begun {
			deadline = time.Now().Add(c.patience())
		}
		if err := c.until(deadline); err != nil {
			return err
		}
		n, err := c.nc.Read(c.in[len(c.in):cap(c.in)])
		c.in = c.in[:len(c.in)+n]
		switch {
		case n > 0 || err == nil:
			return nil
		case !errors.Is(err, os.ErrDeadlineExceeded):
			if errors.Is(err, io.EOF) && begun {
				err = io.ErrUnexpectedEOF
			}
			return err
		case begun:
			return c.expired(errSlow)
		case !c.quiet(): // it waits for answers
			continue
		}
		return c.expired(errIdle)
	}
}

// expired is why a deadline passed: the server stops, or the client took too long.
func (c *conn) expired(why error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return errShut
	}
	return why
}

func (c *conn) patience() time.Duration {
	if !c.any {
		return c.s.limits.FirstMessage
	}
	return c.s.limits.Idle
}

// quiet reports whether nothing is under way and the server goes on.
func (c *conn) quiet() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ops) == 0 || c.closing
}

// write sends answers. When that fails or takes until the deadline, the connection ends.
func (c *conn) write(b []byte, deadline time.Time) error {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	_ = c.nc.SetWriteDeadline(deadline)
	_, err := c.nc.Write(b)
	if err != nil {
		c.cancel()
		_ = c.raw.Close()
	}
	return err
}

func (c *conn) writeSoon(e *ber.Encoder) error {
	return c.write(e.Buf, time.Now().Add(c.s.limits.Write))
}

// reply answers an operation with a result alone.
func (c *conn) reply(m message, r result, controls ...responseControl) error {
	var e ber.Encoder
	appendResult(&e, m.id, responses[m.op], r, controls...)
	return c.writeSoon(&e)
}

// replyExtended answers an extended operation.
func (c *conn) replyExtended(m message, r result, name string, value []byte) error {
	var e ber.Encoder
	appendExtended(&e, m.id, r, name, value)
	return c.writeSoon(&e)
}
