package main

import (
	"bytes"
	"context"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEnvironment(t *testing.T) {
	got := environment([]string{"PATH=/bin", "ANNUAIRE_DATA=x", "PGHOST=y", "LC_ALL=fr_FR.UTF-8", "LANGUAGE=fr", "HOME=/root"})
	if d := cmp.Diff([]string{"PATH=/bin", "HOME=/root", "LC_ALL=C"}, got); d != "" {
		t.Error(d)
	}
}

func TestCostPlus(t *testing.T) {
	a := cost{wall: 1, user: 2, sys: 3, peaks: peaks{anon: 10, total: 20}, disk: 100}
	b := cost{wall: 10, user: 20, sys: 30, peaks: peaks{anon: 5, total: 50}, disk: 1}
	want := cost{wall: 11, user: 22, sys: 33, peaks: peaks{anon: 10, total: 50}, disk: 101}
	if got := a.plus(b); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := a.cpu(); got != 5 {
		t.Errorf("cpu %d", got)
	}
}

func TestPerform(t *testing.T) {
	sh := func(script string) *exec.Cmd { return command(t.Context(), syscall.SIGTERM, "sh", "-c", script) }
	t.Run("the output and the wall time are returned", func(t *testing.T) {
		var out bytes.Buffer
		took, err := perform(sh("echo hello; sleep 0.02"), &out)
		if err != nil || out.String() != "hello\n" || took.wall < 20*time.Millisecond {
			t.Errorf("%q, %+v, %v", out.String(), took, err)
		}
	})
	t.Run("an exit code that is allowed is no failure", func(t *testing.T) {
		if _, err := perform(sh("exit 3"), nil, 3); err != nil {
			t.Error(err)
		}
	})
	t.Run("any other one is, with the end of what it complained about and no path", func(t *testing.T) {
		_, err := perform(sh("echo no room >&2; exit 4"), nil, 3)
		if err == nil || !strings.Contains(err.Error(), "no room") || !strings.HasPrefix(err.Error(), "sh: ") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a program that does not exist is an error", func(t *testing.T) {
		if _, err := perform(command(t.Context(), syscall.SIGTERM, "no-such-program-here"), nil); err == nil {
			t.Error("no error")
		}
	})
}

func TestChildEndsWhenTold(t *testing.T) {
	t.Run("stopped", func(t *testing.T) {
		c, err := spawn(command(t.Context(), syscall.SIGTERM, "sleep", "60"))
		if err != nil {
			t.Fatal(err)
		}
		c.stop(syscall.SIGTERM)
		if c.err == nil || c.cmd.ProcessState == nil {
			t.Errorf("ended with %v", c.err)
		}
		c.stop(syscall.SIGTERM) // twice is harmless
	})
	t.Run("interrupted with us", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c, err := spawn(command(ctx, syscall.SIGTERM, "sleep", "60"))
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		<-c.ended
		if slices.Contains(childrenOf(c.cmd.Process.Pid), c.pid()) || c.err == nil {
			t.Errorf("ended with %v", c.err)
		}
	})
}

func TestTail(t *testing.T) {
	var w tail
	for range 1000 {
		if n, err := w.Write([]byte("0123456789")); n != 10 || err != nil {
			t.Fatal(n, err)
		}
	}
	if _, err := w.Write([]byte("the\nend\n")); err != nil {
		t.Fatal(err)
	}
	if s := w.String(); len(s) > tailBytes || !strings.HasSuffix(s, "789the end") {
		t.Errorf("%d bytes, ending in %q", len(s), s[len(s)-20:])
	}
}
