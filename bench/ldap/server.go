package main

import (
	"context"
	"errors"
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

// startWithin is how long a server may take to answer before the run is given up.
const startWithin = 5 * time.Minute

// ready waits until the server answers a read of one entry, and returns the time since it was executed.
func (s *server) ready(ctx context.Context, dn string) (time.Duration, error) {
	for deadline := time.Now().Add(startWithin); time.Now().Before(deadline); {
		if err := readOne(ctx, s.addr, dn); err == nil {
			return time.Since(s.Begun), nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-s.Ended:
			return 0, fmt.Errorf("%s ended before it answered: %w", s.name, errors.Join(s.Err, errors.New("see its log")))
		case <-time.After(time.Millisecond):
		}
	}
	return 0, fmt.Errorf("%s did not answer in five minutes", s.name)
}

func readOne(ctx context.Context, addr, dn string) error {
	_, err := readEntry(ctx, addr, search{base: dn, filter: "(objectClass=*)"})
	return err
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
