package docs

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var (
	binary  string // the program, built once for these tests
	scratch string // a folder of this run of the tests
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
	if scratch, err = os.MkdirTemp("", "annuaire-docs-"); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	binary = filepath.Join(scratch, "bin", "annuaire")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/annuaire").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return run(), nil
}

// environment is ours without what would configure the program.
func environment(more ...string) (env []string) {
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "ANNUAIRE_") {
			env = append(env, kv)
		}
	}
	return append(env, more...)
}

// ask runs the program to its end and returns all that it said.
func ask(t *testing.T, args ...string) (said string, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Env, cmd.Dir = environment(), t.TempDir()
	out, err := cmd.CombinedOutput()
	return string(out), err
}
