package api

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"annuaire/internal/limits"
)

// Open connections. Whoever opens more from one address wants the descriptors, not answers: a browser has six, and they are the same
// descriptors that LDAP and the files have (LimitNOFILE of the unit is more than both fronts may take).
const (
	maxConnections = 15_000
	maxPerAddress  = 2_000
)

// Connections bounds what clients hold open, of all listeners that share it. Safe for concurrent use.
type Connections struct {
	places  *limits.Places
	proxies atomic.Pointer[[]*net.IPNet]

	mu sync.Mutex
	in map[net.Conn]string // who has a place, with the client it counts for
}

// NewConnections returns bounds of connections in all and of one address.
func NewConnections(proxies []*net.IPNet) *Connections {
	return newConnections(maxConnections, maxPerAddress, proxies)
}

func newConnections(all, each int, proxies []*net.IPNet) *Connections {
	c := &Connections{places: limits.NewPlaces(all, each), in: map[net.Conn]string{}}
	c.Trust(proxies)
	return c
}

// Trust names the proxies, from now on. They stand for many clients: places of theirs are not counted by address.
func (c *Connections) Trust(proxies []*net.IPNet) { c.proxies.Store(&proxies) }

// state is the http.Server's hook: it counts who comes and goes, and turns away who is one too many.
func (c *Connections) state(nc net.Conn, s http.ConnState) {
	switch s {
	case http.StateNew:
		key := c.client(nc.RemoteAddr())
		if !c.places.Take(key) {
			turnAway(nc)
			return
		}
		c.mu.Lock()
		c.in[nc] = key
		c.mu.Unlock()
	case http.StateClosed, http.StateHijacked:
		c.mu.Lock()
		key, ok := c.in[nc]
		delete(c.in, nc)
		c.mu.Unlock()
		if ok {
			c.places.Leave(key)
		}
	}
}

// client is the key of an address: "" for a proxy, and for a socket that has none.
func (c *Connections) client(a net.Addr) string {
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return ""
	}
	for _, n := range *c.proxies.Load() {
		if n.Contains(ap.Addr().Unmap().AsSlice()) {
			return ""
		}
	}
	return limits.Address(ap.Addr())
}

// turnAway says so where there is no TLS to begin first; a fresh connection takes these few octets without waiting.
func turnAway(nc net.Conn) {
	if _, secure := nc.(*tls.Conn); !secure {
		_ = nc.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
		_, _ = nc.Write([]byte("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n")) // it is going anyway
	}
	_ = nc.Close()
}
