package rig

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
)

// Product is annuaire: the program built from this tree and its data directory.
type Product struct {
	Bin, Data string
}

// Build compiles the program as `make build` does.
func Build(ctx context.Context, dir string) (Product, error) {
	p := Product{filepath.Join(dir, "annuaire"), filepath.Join(dir, "data")}
	_, err := Perform(Command(ctx, syscall.SIGINT, "go", "build", "-trimpath", "-o", p.Bin, "./cmd/annuaire"), nil)
	return p, err
}

// exitNothing is the exit code of a sync that found nothing new.
const exitNothing = 3

// SyncReport is what `annuaire sync --json` says.
type SyncReport struct {
	Outcome    string           `json:"outcome"`
	Rows       map[string]int64 `json:"rows"`
	Rejected   int64            `json:"rejected"`
	People     Counts           `json:"people"`
	Structures Counts           `json:"structures"`
	Mailboxes  Counts           `json:"mailboxes"`
}

type Counts struct{ Created, Changed, Gone int64 }

func (c Counts) Total() int64 { return c.Created + c.Changed + c.Gone }

// Sync runs `annuaire sync`: in a running server when there is one.
func (p Product) Sync(ctx context.Context, from string) (SyncReport, Cost, error) {
	var out bytes.Buffer
	var rep SyncReport
	took, err := Perform(Command(ctx, syscall.SIGINT, p.Bin, "sync", "--data", p.Data, "--from", from, "--json"), &out, exitNothing)
	if err != nil {
		return rep, took, err
	}
	if err := json.Unmarshal(out.Bytes(), &rep); err != nil {
		return rep, took, fmt.Errorf("report of the sync: %w", err)
	}
	return rep, took, nil
}

// Start runs the program on the data directory with settings (ANNUAIRE_NAME=value) and arguments, until it is stopped. Its output goes to
// a file beside the data, as a service manager would have it: a pipe would have us read while we measure.
func (p Product) Start(ctx context.Context, settings []string, args ...string) (*Child, error) {
	log, err := os.Create(p.Data + ".log")
	if err != nil {
		return nil, err
	}
	cmd := Command(ctx, syscall.SIGTERM, p.Bin, append(args, "--data", p.Data)...)
	cmd.Stderr = log
	cmd.Env = append(cmd.Env, settings...)
	c, err := Spawn(cmd)
	return c, errors.Join(err, log.Close()) // the child has it open
}

// FreeAddress is a loopback address nobody listens on.
func FreeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}
