package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"annuaire/bench/rig"
)

// server is an LDAP server that was started.
type server struct {
	*rig.Child
	name string
	addr string
}

// stop ends the server.
func (s *server) stop() { s.Child.Stop(syscall.SIGTERM) }

// started waits until a server answers a read of one entry; one that does not is ended.
func started(ctx context.Context, c *rig.Child, name, addr, dn string) (*server, error) {
	s := &server{c, name, addr}
	_, err := c.Answers(ctx, name, func() error {
		_, err := readEntry(ctx, addr, search{base: dn, filter: "(objectClass=*)"})
		return err
	})
	if err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// readEntry returns the one entry that a search finds.
func readEntry(ctx context.Context, addr string, s search) (e entry, err error) {
	r, err := s.encode()
	if err != nil {
		return e, err
	}
	c, err := dial(ctx, addr)
	if err != nil {
		return e, err
	}
	defer c.Close()
	out, err := c.ask(r, func(body []byte) (err error) {
		e, err = parseEntry(body)
		return err
	})
	if err == nil && out.entries != 1 {
		err = fmt.Errorf("%q: %d entries, result %d %s", s.base, out.entries, out.code, out.text)
	}
	return e, err
}

// cpu is what a server has used so far.
func (s *server) cpu() time.Duration {
	user, sys := rig.TreeCPU(s.Pid())
	return user + sys
}

// quiet waits until a server does nothing any more: searches that were cut off, collections of garbage. Not longer than ten seconds.
func (s *server) quiet(ctx context.Context) {
	const look = 50 * time.Millisecond
	for before, n := s.cpu(), 0; n < 200 && ctx.Err() == nil; n++ {
		select {
		case <-ctx.Done():
		case <-time.After(look):
		}
		now := s.cpu()
		if now-before <= look/5 {
			return
		}
		before = now
	}
}
