package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// room sets how far a running process may write into any file, which a full disk is to a program: its writes fail. The limit can be
// lifted again, as a disk can be emptied.
func (p *process) room(t *testing.T, bytes uint64) {
	t.Helper()
	var old unix.Rlimit
	if err := unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, nil, &old); err != nil {
		t.Fatal(err)
	}
	if err := unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: old.Max}, nil); err != nil {
		t.Fatal(err)
	}
}

// However little room there is, a run that runs out of it fails and says so, the old data is answered meanwhile, and once there is room
// again the next run ends where it should. Nothing has to be repaired.
func TestDiskFull(t *testing.T) {
	for rule, to := range map[string]set{"while a small delta is applied": {7000, 1, 20}, "while a generation is built": {7000, 2, 21}} {
		t.Run(rule, func(t *testing.T) {
			data := loaded(t, extracts(t, set{7000, 1, 0}))
			p := start(t, "data of", []string{"ANNUAIRE_LIMITS_ANONYMOUS_RPS=0"}, "serve", "--data", data, "--http", "127.0.0.1:0")
			old := total(t, p)
			failures := 0
			for _, kb := range []uint64{0, 256, 2048} {
				p.room(t, kb<<10)
				res := must(t, []int{0, 1, 3}, "sync", "--yes", "--data", data, "--from", extracts(t, to))
				if res.code != 1 {
					break // there was room enough
				}
				failures++
				if !strings.Contains(res.err, "file too large") && !strings.Contains(res.err, "no space") {
					t.Errorf("%d KiB: the reason is not said: %s", kb, res.err)
				}
				if got := total(t, p); got != old {
					t.Errorf("%d KiB: %d people while the disk is full, want %d", kb, got, old)
				}
			}
			if failures == 0 {
				t.Error("the disk was never full")
			}
			p.room(t, unix.RLIM_INFINITY)
			must(t, []int{0, 3}, "sync", "--yes", "--data", data, "--from", extracts(t, to))
			checked(t, data)
			if code := p.stop(t); code != 0 {
				t.Error(code, p.text())
			}
			checked(t, data)
			left(t, data, 1)
			fresh := loaded(t, extracts(t, to))
			same(t, "once there is room", stored(t, fresh), stored(t, data))
		})
	}
	t.Run("without a server too", func(t *testing.T) {
		data := loaded(t, extracts(t, set{7000, 1, 0}))
		cmd := command(t.Context(), "sync", "--yes", "--data", data, "--from", extracts(t, set{7000, 1, 20}))
		cmd.Args = append([]string{"sh", "-c", "ulimit -f 1; exec \"$0\" \"$@\"", cmd.Path}, cmd.Args[1:]...)
		cmd.Path = "/bin/sh"
		if res := finish(t, cmd); res.code != 1 || !strings.Contains(res.err, "file too large") {
			t.Error(res)
		}
		must(t, nil, "sync", "--yes", "--data", data, "--from", extracts(t, set{7000, 1, 20}))
		checked(t, data)
		left(t, data, 1)
	})
}

func TestFullDiskIsSaid(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	p, write := serving(t, data, "")
	defer p.stop(t)
	disk := func() (state, reason string) {
		for _, c := range p.wants(t, 200, "/readyz").Components { // it goes on answering
			if c.Name == "disk" {
				return c.State, c.Reason
			}
		}
		return "", ""
	}
	until := func(full bool) {
		t.Helper()
		p.hup(t) // it looks at once, instead of within the minute
		for late := time.After(deadline); ; {
			state, reason := disk()
			if strings.Contains(reason, "disk full") == full && (state == "degraded" || !full) {
				return
			}
			select {
			case <-late:
				t.Fatal(state, reason, p.text())
			default:
			}
		}
	}
	write("[limits]\nanonymous_rps = 0\n")
	p.hup(t)
	p.says(t, "taken up")
	p.room(t, 0)
	until(true)
	p.room(t, unix.RLIM_INFINITY)
	until(false)
}

// Started on data that it may not write, the program says so and touches nothing; root may write anything, so that a folder in the way
// stands for it.
func TestDataThatCannotBeWritten(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(data, []byte("in the way"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve", "--data", data, "--http", "127.0.0.1:0"}, {"check", "--data", data}, {"sync", "--data", data, "--from", extracts(t, set{300, 1, 0})}} {
		if res := must(t, []int{1}, args...); !strings.Contains(res.err, "not a directory") {
			t.Error(args, res.err)
		}
	}
}

// After an upgrade that changed the format of the indexes, or when their files were lost, a server builds them again by itself.
func TestServerBuildsLostIndexesAgain(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	want := shown(t, data)
	for _, name := range []string{"people", "places"} {
		if err := os.RemoveAll(filepath.Join(data, "generations", "000001", name)); err != nil {
			t.Fatal(err)
		}
	}
	p := start(t, "built again", nil, "serve", "--data", data, "--http", "127.0.0.1:0")
	for {
		if code, _, err := p.get("/readyz"); code == 200 {
			break
		} else if err != nil {
			t.Fatal(err, p.text())
		}
	}
	checked(t, data)
	if code := p.stop(t); code != 0 {
		t.Error(code)
	}
	same(t, "built again", want, shown(t, data))
	left(t, data, 1)
}
