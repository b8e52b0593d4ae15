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

// These tests run what users run on made-up extracts: servers, and whatever is killed, as children of a program that is built once (with the
// race detector if ANNUAIRE_RACE is set), and every other command line in this process, by the function that main calls.
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

// environment is ours without our ANNUAIRE_* variables, which would be the configuration.
func environment() []string {
	ours := slices.DeleteFunc(os.Environ(), func(kv string) bool { return strings.HasPrefix(kv, "ANNUAIRE_") })
	return append(ours, "ANNUAIRE_SYNC_SOURCES=") // no test asks the real ones
}

// command prepares a child.
func command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = environment()
	return cmd
}

// result is what a command line that has ended leaves.
type result struct {
	code     int
	out, err string
}

// typed runs a command line to its end, in this process.
func typed(t *testing.T, args ...string) result {
	t.Helper()
	return typedWith(t, nil, args...)
}

// typedWith is typed with more variables in the environment.
func typedWith(t *testing.T, env []string, args ...string) result {
	t.Helper()
	environ = func() []string { return append(environment(), env...) }
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	var out, errs bytes.Buffer
	code := execute(ctx, args, &out, &errs)
	return result{code, out.String(), errs.String()}
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

// must is typed for a step that has to end with one of codes, 0 if none is given.
func must(t *testing.T, codes []int, args ...string) result {
	t.Helper()
	res := typed(t, args...)
	if len(codes) == 0 && res.code != 0 || len(codes) > 0 && !slices.Contains(codes, res.code) {
		t.Fatalf("annuaire %s: exit code %d\n%s%s", strings.Join(args, " "), res.code, res.out, res.err)
	}
	return res
}
