package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// product is annuaire: the program built from this tree and its data directory.
type product struct {
	bin, data string
}

// build compiles the program as `make build` does.
func build(ctx context.Context, dir string) (product, error) {
	p := product{filepath.Join(dir, "annuaire"), filepath.Join(dir, "data")}
	_, err := perform(command(ctx, syscall.SIGINT, "go", "build", "-trimpath", "-o", p.bin, "./cmd/annuaire"), nil)
	return p, err
}

// exitNothing is the exit code of a sync that found nothing new.
const exitNothing = 3

// syncReport is what `annuaire sync --json` says.
type syncReport struct {
	Outcome    string           `json:"outcome"`
	Rows       map[string]int64 `json:"rows"`
	Rejected   int64            `json:"rejected"`
	People     counts           `json:"people"`
	Structures counts           `json:"structures"`
	Mailboxes  counts           `json:"mailboxes"`
}

type counts struct{ Created, Changed, Gone int64 }

func (c counts) total() int64 { return c.Created + c.Changed + c.Gone }

// sync runs `annuaire sync`: in a running server when there is one.
func (p product) sync(ctx context.Context, from string) (syncReport, cost, error) {
	var out bytes.Buffer
	var rep syncReport
	took, err := perform(command(ctx, syscall.SIGINT, p.bin, "sync", "--data", p.data, "--from", from, "--json"), &out, exitNothing)
	if err != nil {
		return rep, took, err
	}
	if err := json.Unmarshal(out.Bytes(), &rep); err != nil {
		return rep, took, fmt.Errorf("report of the sync: %w", err)
	}
	return rep, took, nil
}

// server is a running `annuaire serve`.
type server struct {
	*child
	url string
	log *os.File
}

// serve starts the server. It answers when firstAnswer says so.
func (p product) serve(ctx context.Context) (*server, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(p.data + ".log") // a file, as a service manager would: a pipe would have us read while we measure
	if err != nil {
		return nil, err
	}
	cmd := command(ctx, syscall.SIGTERM, p.bin, "serve", "--data", p.data, "--http", addr)
	cmd.Stderr = log
	cmd.Env = append(cmd.Env, "ANNUAIRE_LIMITS_ANONYMOUS_RPS=0", "ANNUAIRE_LIMITS_ANONYMOUS_PEOPLE_PER_HOUR=0") // we are many clients at one address
	c, err := spawn(cmd)
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	return &server{c, "http://" + addr, log}, nil
}

// stop ends the server and its log.
func (s *server) stop() {
	s.child.stop(syscall.SIGTERM)
	_ = s.log.Close() // nobody reads it any more
}

// freeAddress is a loopback address nobody listens on.
func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

// startWithin is how long a server may take to answer before the run is given up.
const startWithin = 5 * time.Minute

// firstAnswer waits until the server has answered a question with at least one person, and returns the time since it was executed.
func (s *server) firstAnswer(ctx context.Context, in instance) (time.Duration, error) {
	c := newClient(s.url)
	defer c.close()
	for deadline := time.Now().Add(startWithin); time.Now().Before(deadline); {
		if a, err := c.read(ctx, in); err == nil && a.Total > 0 {
			return time.Since(s.begun), nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-s.ended:
			return 0, fmt.Errorf("the server ended before it answered: %w", errors.Join(s.err, errors.New("see its log")))
		case <-time.After(time.Millisecond):
		}
	}
	return 0, errors.New("the server did not answer in five minutes")
}
