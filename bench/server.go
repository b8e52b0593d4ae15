package main

import (
	"context"
	"errors"
	"syscall"
	"time"

	"annuaire/bench/rig"
)

// server is a running `annuaire serve`.
type server struct {
	*rig.Child
	url  string
	took time.Duration // from its execution to its first answer
}

// unlimited lifts the limits of an address: we are many clients at one.
var unlimited = []string{"ANNUAIRE_LIMITS_ANONYMOUS_RPS=0", "ANNUAIRE_LIMITS_ANONYMOUS_PEOPLE_PER_HOUR=0"}

// serve starts the server, and returns when it has answered a question with at least one person.
func serve(ctx context.Context, p rig.Product, in instance) (*server, error) {
	addr, err := rig.FreeAddress()
	if err != nil {
		return nil, err
	}
	child, err := p.Start(ctx, unlimited, "serve", "--http", addr)
	if err != nil {
		return nil, err
	}
	s := &server{Child: child, url: "http://" + addr}
	c := newClient(s.url)
	defer c.close()
	s.took, err = s.Answers(ctx, "the server", func() error {
		a, err := c.read(ctx, in)
		if err == nil && a.Total == 0 {
			err = errors.New("nobody")
		}
		return err
	})
	if err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// stop ends the server.
func (s *server) stop() { s.Child.Stop(syscall.SIGTERM) }
