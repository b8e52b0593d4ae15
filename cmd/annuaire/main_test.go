package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// These tests run the program that users run: TestMain builds it once (with the race detector if ANNUAIRE_RACE is set), and each
// test starts it as a child on made-up extracts.
var (
	binary  string // the program
	scratch string // a folder of this run of the tests, for what several of them read
)

func TestMain(m *testing.M) {
	code, err := withBinary(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withBinary(run func() int) (code int, err error) {
	if scratch, err = os.MkdirTemp("", "annuaire-e2e-"); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	binary = filepath.Join(scratch, "annuaire")
	args := []string{"build", "-o", binary}
	if os.Getenv("ANNUAIRE_RACE") != "" {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, ".")...).CombinedOutput(); err != nil {
		return 1, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return run(), nil
}

// deadline is how long a child may take on a machine that has much else to do. A test that needs it has failed anyway; on sets of another
// size (ANNUAIRE_SOAK_PEOPLE) it is an hour.
var deadline = func() time.Duration {
	if os.Getenv("ANNUAIRE_SOAK_PEOPLE") != "" {
		return time.Hour
	}
	return 3 * time.Minute
}()

// command prepares a child. It gets none of our ANNUAIRE_* variables, which would be its configuration.
func command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary, args...)
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "ANNUAIRE_") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Env = append(cmd.Env, "ANNUAIRE_SYNC_SOURCES=") // no test asks the real ones
	return cmd
}

// result is what a child that has ended leaves.
type result struct {
	code     int
	out, err string
}

// child runs the program to its end.
func child(t *testing.T, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	return finish(t, command(ctx, args...))
}

func finish(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	return <-launch(t, cmd)
}

// launch starts a child and delivers what it leaves when it ends.
func launch(t *testing.T, cmd *exec.Cmd) chan result {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan result, 1)
	go func() {
		_ = cmd.Wait() // the exit code tells
		ended <- result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
	}()
	return ended
}

// must is child for a step that has to end with one of codes, 0 if none is given.
func must(t *testing.T, codes []int, args ...string) result {
	t.Helper()
	res := child(t, args...)
	if len(codes) == 0 && res.code != 0 || len(codes) > 0 && !slices.Contains(codes, res.code) {
		t.Fatalf("annuaire %s: exit code %d\n%s%s", strings.Join(args, " "), res.code, res.out, res.err)
	}
	return res
}
