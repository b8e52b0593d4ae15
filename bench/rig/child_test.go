package rig

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
	a := Cost{Wall: 1, User: 2, Sys: 3, Peaks: Peaks{Anon: 10, Total: 20}, Disk: 100}
	b := Cost{Wall: 10, User: 20, Sys: 30, Peaks: Peaks{Anon: 5, Total: 50}, Disk: 1}
	want := Cost{Wall: 11, User: 22, Sys: 33, Peaks: Peaks{Anon: 10, Total: 50}, Disk: 101}
	if got := a.Plus(b); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPerform(t *testing.T) {
	sh := func(script string) *exec.Cmd { return Command(t.Context(), syscall.SIGTERM, "sh", "-c", script) }
	t.Run("the output and the wall time are returned", func(t *testing.T) {
		var out bytes.Buffer
		took, err := Perform(sh("echo hello; sleep 0.02"), &out)
		if err != nil || out.String() != "hello\n" || took.Wall < 20*time.Millisecond {
			t.Errorf("%q, %+v, %v", out.String(), took, err)
		}
	})
	t.Run("an exit code that is allowed is no failure", func(t *testing.T) {
		if _, err := Perform(sh("exit 3"), nil, 3); err != nil {
			t.Error(err)
		}
	})
	t.Run("any other one is, with the end of what it complained about and no path", func(t *testing.T) {
		_, err := Perform(sh("echo no room >&2; exit 4"), nil, 3)
		if err == nil || !strings.Contains(err.Error(), "no room") || !strings.HasPrefix(err.Error(), "sh: ") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a program that does not exist is an error", func(t *testing.T) {
		if _, err := Perform(Command(t.Context(), syscall.SIGTERM, "no-such-program-here"), nil); err == nil {
			t.Error("no error")
		}
	})
}

func TestChildEndsWhenTold(t *testing.T) {
	t.Run("stopped", func(t *testing.T) {
		c, err := Spawn(Command(t.Context(), syscall.SIGTERM, "sleep", "60"))
		if err != nil {
			t.Fatal(err)
		}
		c.Stop(syscall.SIGTERM)
		if c.Err == nil || c.cmd.ProcessState == nil {
			t.Errorf("ended with %v", c.Err)
		}
		c.Stop(syscall.SIGTERM) // twice is harmless
	})
	t.Run("interrupted with us", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c, err := Spawn(Command(ctx, syscall.SIGTERM, "sleep", "60"))
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		<-c.Ended
		if slices.Contains(childrenOf(c.cmd.Process.Pid), c.Pid()) || c.Err == nil {
			t.Errorf("ended with %v", c.Err)
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
