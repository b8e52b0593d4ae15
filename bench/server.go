package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"annuaire/bench/rig"
)

// server is a running `annuaire serve`.
type server struct {
	*rig.Child
	url string
}

// unlimited lifts the limits of an address: we are many clients at one.
var unlimited = []string{"ANNUAIRE_LIMITS_ANONYMOUS_RPS=0", "ANNUAIRE_LIMITS_ANONYMOUS_PEOPLE_PER_HOUR=0"}

// serve starts the server. It answers when firstAnswer says so.
func serve(ctx context.Context, p rig.Product) (*server, error) {
	addr, err := rig.FreeAddress()
	if err != nil {
		return nil, err
	}
	c, err := p.Start(ctx, unlimited, "serve", "--http", addr)
	return &server{c, "http://" + addr}, err
}

// stop ends the server.
func (s *server) stop() { s.Child.Stop(syscall.SIGTERM) }

// startWithin is how long a server may take to answer before the run is given up.
const startWithin = 5 * time.Minute

// firstAnswer waits until the server has answered a question with at least one person, and returns the time since it was executed.
func (s *server) firstAnswer(ctx context.Context, in instance) (time.Duration, error) {
	c := newClient(s.url)
	defer c.close()
	for deadline := time.Now().Add(startWithin); time.Now().Before(deadline); {
		if a, err := c.read(ctx, in); err == nil && a.Total > 0 {
			return time.Since(s.Begun), nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-s.Ended:
			return 0, fmt.Errorf("the server ended before it answered: %w", errors.Join(s.Err, errors.New("see its log")))
		case <-time.After(time.Millisecond):
		}
	}
	return 0, errors.New("the server did not answer in five minutes")
}
