package ldapd

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"time"

	"annuaire"
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

// serve reads until the connection ends, one way or another.
func (c *conn) serve() {
	defer c.s.leave(c)
	stop := context.AfterFunc(c.ctx, func() { _ = c.raw.Close() }) // when the time to end is over
	var err error
	if c.implicit {
		err = c.handshake()
	}
	for err == nil {
		var raw []byte
		if raw, err = c.next(); err == nil {
			err = c.handle(raw)
		}
	}
	stop() // from here on this goroutine closes
	c.end(err)
	c.s.log.Debug("ldap connection", "operations", c.count, "tls", c.tls != nil, "authenticated", !c.who.Anonymous(), "lasted", time.Since(c.started).String(),
		"end", reason(err))
}

// shut asks the reader to end, from another goroutine.
func (c *conn) shut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closing = true
	_ = c.raw.SetReadDeadline(time.Unix(1, 0))
}
