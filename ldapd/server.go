package ldapd

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"annuaire/internal/limits"
)

// Server answers on any number of listeners. Safe for concurrent use.
type Server struct {
	opts    Options
	limits  Limits
	dir     Directory
	log     *slog.Logger
	limiter *limits.Limiter
	guard   *limits.Guard
	tree    *tree
	key     []byte         // of cookies
	slots   chan struct{}  // one for each search that computes
	places  *limits.Places // of connections
}

// New returns a Server; an error of code invalid names a base that is no distinguished name.
func New(o Options) (*Server, error) {
	s := &Server{opts: o, limits: o.Limits.withDefaults(), dir: o.Directory, log: o.Logger, limiter: o.Limiter, key: o.CookieKey}
	s.places = limits.NewPlaces(s.limits.Connections, s.limits.PerAddress)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.opts.Now == nil {
		s.opts.Now = time.Now
	}
	if s.opts.Metrics == nil {
		s.opts.Metrics = noMetrics{}
	}
	if s.limiter == nil {
		s.limiter = limits.New(s.opts.Now)
	}
	if s.guard = o.Guard; s.guard == nil {
		s.guard = limits.NewGuard(s.limiter, nil)
	}
	if s.key == nil {
		s.key = make([]byte, 32)
		if _, err := rand.Read(s.key); err != nil {
			return nil, err
		}
	}
	s.slots = make(chan struct{}, s.limits.Searches)
	var err error
	s.tree, err = newTree(s.opts)
	return s, err
}

// Serve answers on a listener until ctx ends, with StartTLS where Options.TLS allows it. Then what is under way has Limits.Grace to end,
// clients are told (RFC 4511, 4.4.1), and Serve returns when every connection of ln is closed. It closes ln.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error { return s.serve(ctx, ln, false) }

// ServeTLS is Serve where TLS comes first, as on port 636.
func (s *Server) ServeTLS(ctx context.Context, ln net.Listener) error {
	if s.opts.TLS == nil {
		return errors.Join(errors.New("ldapd: no certificate to serve TLS with"), ln.Close())
	}
	return s.serve(ctx, ln, true)
}

func (s *Server) serve(ctx context.Context, ln net.Listener, implicit bool) error {
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var wg sync.WaitGroup
	mine := &group{conns: map[*conn]struct{}{}}
	stop := context.AfterFunc(ctx, func() { _ = ln.Close() }) // Accept says so
	defer stop()
	err := s.accept(ctx, ln, func(nc net.Conn) {
		c := s.enter(base, nc, implicit)
		if c == nil {
			return
		}
		mine.add(c)
		wg.Go(func() {
			defer mine.remove(c)
			c.serve()
		})
	})
	_ = ln.Close() // at most once more
	mine.end()
	timer := time.AfterFunc(s.limits.Grace, cancel)
	defer timer.Stop()
	wg.Wait()
	return err
}

// accept hands over connections until the listener is closed; while none can be accepted (no descriptors left) it waits a little.
func (s *Server) accept(ctx context.Context, ln net.Listener, serve func(net.Conn)) error {
	wait := time.Duration(0)
	for {
		nc, err := ln.Accept()
		switch {
		case err == nil:
			wait = 0
			serve(nc)
			continue
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		}
		wait = min(max(5*time.Millisecond, 2*wait), time.Second)
		s.log.Warn("ldap: no connection can be accepted", "error", err.Error(), "retry_in", wait.String())
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}
