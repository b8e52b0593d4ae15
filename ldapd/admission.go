package ldapd

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"annuaire/internal/limits"
	"annuaire/ldapd/ber"
)

// enter takes a connection in, unless there are too many.
func (s *Server) enter(ctx context.Context, nc net.Conn, implicit bool) *conn {
	key, loopback := client(nc.RemoteAddr())
	if !s.places.Take(key) {
		s.turnAway(nc, implicit)
		return nil
	}
	s.opts.Metrics.Connections(1)
	return newConn(ctx, s, nc, key, loopback, implicit)
}

// turnAway tells a client that there are too many connections; a fresh connection takes these few octets without waiting.
func (s *Server) turnAway(nc net.Conn, implicit bool) {
	if !implicit {
		var e ber.Encoder
		appendNotice(&e, say(busy, "trop de connexions : réessayez plus tard", "too many connections: try again later"))
		_ = nc.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
		_, _ = nc.Write(e.Buf) // it is going anyway
	}
	_ = nc.Close()
}

func (s *Server) leave(c *conn) {
	s.places.Leave(c.key)
	s.opts.Metrics.Connections(-1)
}

// client is the key of an address for limits, and whether it is this machine.
func client(a net.Addr) (key string, loopback bool) {
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil { // not TCP: a pipe, a Unix socket
		return "unknown", true
	}
	return limits.Address(ap.Addr()), ap.Addr().Unmap().IsLoopback()
}

// from is the address of the client, for the audit; "" where it is not known.
func (c *conn) from() string {
	ap, err := netip.ParseAddrPort(c.raw.RemoteAddr().String())
	if err != nil {
		return ""
	}
	return ap.Addr().Unmap().WithZone("").String()
}

// group is the connections of one listener.
type group struct {
	mu    sync.Mutex
	conns map[*conn]struct{}
}

func (g *group) add(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.conns[c] = struct{}{}
}

func (g *group) remove(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, c)
}

// end asks every connection to end.
func (g *group) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.conns {
		c.shut()
	}
}
