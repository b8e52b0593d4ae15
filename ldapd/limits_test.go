package ldapd_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

// Deadlines are short here; each test waits for the server to act, none for a time to pass.
func TestDeadlines(t *testing.T) {
	first := func(o *ldapd.Options) { o.Limits.FirstMessage = 30 * time.Millisecond }
	message := func(o *ldapd.Options) { o.Limits.Message = 30 * time.Millisecond }
	idle := func(o *ldapd.Options) { o.Limits.Idle = 60 * time.Millisecond }
	t.Run("who sends nothing is cut off", func(t *testing.T) {
		fewWire(t, first).closed(52)
	})
	t.Run("who is idle after a message, too", func(t *testing.T) {
		w := fewWire(t, idle)
		w.send(bindRequest(1, 3, "", ""))
		w.expect(1, 0x61, 0)
		w.closed(52)
	})
	t.Run("who sends a message octet by octet without end, too", func(t *testing.T) {
		w := fewWire(t, func(o *ldapd.Options) { o.Limits.Message = 200 * time.Millisecond }) // far longer than from one octet to the next
		stop := make(chan struct{})
		go func() {
			defer close(stop)
			endless := query{base: base, attrs: []string{strings.Repeat("x", 60_000)}}
			for _, o := range endless.request(1) {
				if _, err := w.nc.Write([]byte{o}); err != nil {
					return
				}
				time.Sleep(time.Millisecond)
			}
		}()
		w.closed(2)
		<-stop
	})
	t.Run("who waits for an answer is not idle", func(t *testing.T) {
		w, h := heldWire(t, idle)
		w.send(query{base: base, scope: 1}.request(1))
		<-h.started
		timer := time.AfterFunc(300*time.Millisecond, func() { close(h.let) }) // five times what idle connections have
		defer timer.Stop()
		if n, done := w.entries(1); n != 5 || done.code(t) != 0 {
			t.Error(n, done.code(t))
		}
	})
	t.Run("who begins TLS and does not go on is cut off", func(t *testing.T) {
		a := newAuthority(t)
		w := fewWire(t, secured(a), message)
		w.send(extended(1, "1.3.6.1.4.1.1466.20037", nil))
		w.expect(1, 0x78, 0)
		if _, err := io.ReadAll(w.nc); err != nil {
			t.Error(err)
		}
	})
	t.Run("who does not read is cut off, and the search with it", func(t *testing.T) {
		s := watch()
		d := ldaptest.NewDirectory(ldaptest.Many(2000)...)
		w := wired(t, ldaptest.StartOn(t, ldapd.Options{Directory: d, Metrics: s, Limits: ldapd.Limits{Write: 50 * time.Millisecond, Entries: 1 << 20, Pending: 5000}}, func(ln net.Listener) net.Listener { return narrow{ln} }))
		for id := int64(1); id <= 40; id++ {
			w.send(query{base: base, scope: 1}.request(id))
		}
		// The searches end although nothing was read.
		if got := s.next(t); got.operation != "search" {
			t.Error(got)
		}
		for {
			if _, err := w.nc.Read(make([]byte, 64<<10)); err != nil {
				break
			}
		}
	})
}

// narrow makes the kernel hold back few octets of a connection.
type narrow struct{ net.Listener }

func (l narrow) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err == nil {
		err = nc.(*net.TCPConn).SetWriteBuffer(4096)
	}
	return nc, err
}

func TestConnectionCaps(t *testing.T) {
	few := func(l ldapd.Limits, as func(net.Listener) net.Listener) string {
		return ldaptest.StartOn(t, ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Few()...), Limits: l}, as)
	}
	greet := func(t *testing.T, w *wire) {
		t.Helper()
		w.send(bindRequest(1, 3, "", ""))
		w.expect(1, 0x61, 0)
	}
	t.Run("one too many of an address is told so, and a place is free again when one ends", func(t *testing.T) {
		s := watch()
		o := ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Few()...), Limits: ldapd.Limits{PerAddress: 2}, Metrics: s}
		addr := ldaptest.Start(t, o)
		a, b := wired(t, addr), wired(t, addr)
		greet(t, a)
		greet(t, b)
		wired(t, addr).closed(51)
		_ = a.nc.Close()
		for s.open.Load() > 1 {
			time.Sleep(time.Millisecond)
		}
		greet(t, wired(t, addr))
	})
	t.Run("addresses do not share", func(t *testing.T) {
		addr := few(ldapd.Limits{PerAddress: 1}, func(ln net.Listener) net.Listener { return &many{Listener: ln} })
		for range 5 {
			greet(t, wired(t, addr))
		}
	})
	t.Run("one too many in all is told so", func(t *testing.T) {
		addr := few(ldapd.Limits{Connections: 3}, func(ln net.Listener) net.Listener { return &many{Listener: ln} })
		for range 3 {
			greet(t, wired(t, addr))
		}
		wired(t, addr).closed(51)
	})
	t.Run("when no connection can be accepted, the server tries again", func(t *testing.T) {
		addr := few(ldapd.Limits{}, func(ln net.Listener) net.Listener { return &stumbling{Listener: ln, times: 3} })
		greet(t, wired(t, addr))
	})
}

// many gives each connection another address.
type many struct {
	net.Listener
	n byte
}

func (l *many) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.n++
	return otherConn{nc, l.n}, nil
}

type otherConn struct {
	net.Conn
	n byte
}

func (c otherConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, c.n), Port: 1} }

// stumbling fails a few times, as when there are no descriptors left.
type stumbling struct {
	net.Listener
	times int
}

func (l *stumbling) Accept() (net.Conn, error) {
	if l.times > 0 {
		l.times--
		return nil, errors.New("too many open files")
	}
	return l.Listener.Accept()
}

func TestServerWithoutSlots(t *testing.T) {
	h := hold()
	addr := ldaptest.Start(t, ldapd.Options{Directory: h, Limits: ldapd.Limits{Searches: 1}})
	a, b := wired(t, addr), wired(t, addr)
	a.send(query{base: base, scope: 1}.request(1))
	<-h.started
	b.send(query{base: base, scope: 1, time: 1}.request(1))
	b.expect(1, 0x65, 51) // the time it had went by waiting
	close(h.let)
	if n, done := a.entries(1); n != 5 || done.code(t) != 0 {
		t.Error(n, done.code(t))
	}
}

// While a client does not read, the directory is not held: what it holds while it is browsed would make writers wait.
func TestTheDirectoryDoesNotWaitForClients(t *testing.T) {
	for rule, q := range map[string]query{"unpaged": {base: base, scope: 1}, "by pages": {base: base, scope: 1, controls: [][]byte{pagedControl(2000, nil)}}} {
		t.Run(rule, func(t *testing.T) {
			d := &watched{Directory: ldaptest.NewDirectory(ldaptest.Many(2000)...)}
			s := watch()
			o := ldapd.Options{Directory: d, Metrics: s, Limits: ldapd.Limits{Entries: 2000, Page: 2000}}
			w := wired(t, ldaptest.StartOn(t, o, func(ln net.Listener) net.Listener { return narrow{ln} }))
			w.send(q.request(1))
			until(t, func() bool { return d.browses.Load() > 0 && d.browsing.Load() == 0 }, patience) // it has ended, and the answer has not
			if len(s.ops) > 0 {
				t.Skip("the kernel took the whole answer")
			}
			if n, done := w.entries(1); n != 2000 || done.code(t) != 0 {
				t.Error(n, done.code(t))
			}
		})
	}
}

// watched tells whether it is browsed.
type watched struct {
	*ldaptest.Directory
	browsing, browses atomic.Int64
}

func (d *watched) Browse(ctx context.Context, b annuaire.Browse, fn func(card.Card, annuaire.Position) bool) error {
	d.browsing.Add(1)
	defer d.browsing.Add(-1)
	d.browses.Add(1)
	return d.Directory.Browse(ctx, b, fn)
}

func TestShutdown(t *testing.T) {
	start := func(t *testing.T, o ldapd.Options) (addr string, stop context.CancelFunc, done chan error) {
		s, err := ldapd.New(o)
		if err != nil {
			t.Fatal(err)
		}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done = make(chan error, 1)
		go func() { done <- s.Serve(ctx, ln) }()
		return ln.Addr().String(), cancel, done
	}
	t.Run("idle clients are told, and no connection is left", func(t *testing.T) {
		addr, stop, done := start(t, ldapd.Options{Directory: ldaptest.NewDirectory()})
		w := wired(t, addr)
		w.send(bindRequest(1, 3, "", ""))
		w.expect(1, 0x61, 0)
		stop()
		w.closed(52)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if nc, err := net.Dial("tcp", addr); err == nil {
			_ = nc.Close()
			t.Error("it still listens")
		}
	})
	t.Run("what is under way ends first", func(t *testing.T) {
		h := hold()
		addr, stop, done := start(t, ldapd.Options{Directory: h})
		w := wired(t, addr)
		w.send(query{base: base, scope: 1}.request(1))
		<-h.started
		stop()
		close(h.let)
		if n, d := w.entries(1); n != 5 || d.code(t) != 0 {
			t.Error(n, d.code(t))
		}
		w.closed(52)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Run("but not without end", func(t *testing.T) {
		h := hold()
		addr, stop, done := start(t, ldapd.Options{Directory: h, Limits: ldapd.Limits{Grace: 20 * time.Millisecond}})
		w := wired(t, addr)
		w.send(query{base: base, scope: 1}.request(1))
		<-h.started
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Run("a listener that fails is an error", func(t *testing.T) {
		s, err := ldapd.New(ldapd.Options{Directory: ldaptest.NewDirectory()})
		if err != nil {
			t.Fatal(err)
		}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = ln.Close()
		if s.Serve(t.Context(), ln) == nil {
			t.Error("no error")
		}
	})
}
