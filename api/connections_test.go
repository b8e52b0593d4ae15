package api

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Whoever only opens connections leaves places to others, on plain listeners and with TLS.
func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	serve := func(t *testing.T, c *Connections) string {
		ctx, stop := context.WithCancel(t.Context())
		addr, done := listening(t, ctx, newServer(newFake()), ServeOptions{Connections: c})
		t.Cleanup(func() {
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
		return addr
	}
	open := func(t *testing.T, addr, from string) net.Conn {
		t.Helper()
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		nc, err := d.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = nc.Close() })
		return nc
	}
	status := func(t *testing.T, nc net.Conn) string {
		t.Helper()
		_ = nc.SetDeadline(time.Now().Add(20 * time.Second))
		_, _ = io.WriteString(nc, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") // who was turned away cannot be written to
		line, _ := bufio.NewReader(nc).ReadString('\n')
		return strings.TrimSpace(line)
	}
	const yes, no = "HTTP/1.1 200 OK", "HTTP/1.1 503 Service Unavailable"
	t.Run("one too many of an address is told so, others are not, and a place is free again when one ends", func(t *testing.T) {
		c := newConnections(10, 2, nil)
		addr := serve(t, c)
		first := open(t, addr, "127.0.0.1")
		if a, b := status(t, first), status(t, open(t, addr, "127.0.0.1")); a != yes || b != yes {
			t.Fatal(a, b)
		}
		if got := status(t, open(t, addr, "127.0.0.1")); got != no {
			t.Error(got)
		}
		if got := status(t, open(t, addr, "127.0.0.2")); got != yes {
			t.Error(got)
		}
		_ = first.Close()
		for end := time.Now().Add(20 * time.Second); status(t, open(t, addr, "127.0.0.1")) != yes; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the place stays taken")
			}
		}
	})
	t.Run("one too many in all is told so", func(t *testing.T) {
		addr := serve(t, newConnections(2, 9, nil))
		if a, b, c := status(t, open(t, addr, "127.0.0.1")), status(t, open(t, addr, "127.0.0.2")), status(t, open(t, addr, "127.0.0.3")); a != yes || b != yes || c != no {
			t.Error(a, b, c)
		}
	})
	t.Run("a trusted proxy is not one client", func(t *testing.T) {
		_, local, _ := net.ParseCIDR("127.0.0.1/32")
		c := newConnections(10, 1, nil)
		c.Trust([]*net.IPNet{local}) // as a reload does
		addr := serve(t, c)
		for range 5 {
			if got := status(t, open(t, addr, "127.0.0.1")); got != yes {
				t.Error(got)
			}
		}
	})
	t.Run("with TLS it is closed without a word: none can be said before the handshake", func(t *testing.T) {
		c, theirs := net.Pipe()
		go newConnections(0, 0, nil).state(tls.Server(theirs, &tls.Config{}), http.StateNew)
		if b, err := io.ReadAll(c); err != nil || len(b) > 0 {
			t.Errorf("%q, %v", b, err)
		}
	})
}
