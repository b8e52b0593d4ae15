package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// cost is what a piece of work took.
type cost struct {
	wall, user, sys time.Duration
	peaks
	disk int64
}

// cpu is the whole CPU time.
func (c cost) cpu() time.Duration { return c.user + c.sys }

// plus adds work done after c. The peaks are those of either.
func (c cost) plus(o cost) cost {
	return cost{
		wall: c.wall + o.wall, user: c.user + o.user, sys: c.sys + o.sys, disk: c.disk + o.disk,
		peaks: peaks{anon: max(c.anon, o.anon), total: max(c.total, o.total)},
	}
}

// child is a process that this one started, and will end.
type child struct {
	cmd   *exec.Cmd
	begun time.Time
	ended chan struct{}
	err   error // once ended
}

// command prepares a child: in its own process group, so that an interrupt typed on the terminal reaches it through us, in order;
// with signal, not a kill, when ctx ends; without the variables that would configure it behind our back.
func command(ctx context.Context, signal syscall.Signal, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = environment(os.Environ())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(signal) }
	cmd.WaitDelay = 20 * time.Second
	return cmd
}

// environment drops the settings of the programs measured, and makes them speak English, which their output is read in.
func environment(environ []string) []string {
	out := make([]string, 0, len(environ)+1)
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "ANNUAIRE_") || strings.HasPrefix(name, "PG") || strings.HasPrefix(name, "LC_") || name == "LANGUAGE" {
			continue
		}
		out = append(out, kv)
	}
	return append(out, "LC_ALL=C")
}

// spawn starts a child that goes on until stopped.
func spawn(cmd *exec.Cmd) (*child, error) {
	c := &child{cmd: cmd, begun: time.Now(), ended: make(chan struct{})}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		c.err = cmd.Wait()
		close(c.ended)
	}()
	return c, nil
}

func (c *child) pid() int { return c.cmd.Process.Pid }

// stop asks the child to end, insists after 20 seconds, and waits until it has.
func (c *child) stop(signal syscall.Signal) {
	_ = c.cmd.Process.Signal(signal) // an error is a child that has ended already
	select {
	case <-c.ended:
	case <-time.After(20 * time.Second):
		_ = c.cmd.Process.Kill()
		<-c.ended
	}
}

// perform runs a child to its end and returns what it took; its standard output goes to out. allowed lists the exit codes, besides 0,
// that are no failure.
func perform(cmd *exec.Cmd, out io.Writer, allowed ...int) (cost, error) {
	var errs tail
	cmd.Stdout, cmd.Stderr = out, &errs
	c, err := spawn(cmd)
	if err != nil {
		return cost{}, err
	}
	s := sample(c.pid(), false)
	<-c.ended
	took := cost{wall: time.Since(c.begun), peaks: s.stop()}
	if st := cmd.ProcessState; st != nil {
		took.user, took.sys = st.UserTime(), st.SystemTime()
	}
	var exit *exec.ExitError
	if errors.As(c.err, &exit) {
		for _, code := range allowed {
			if exit.ExitCode() == code {
				return took, nil
			}
		}
	}
	if c.err != nil {
		return took, fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), c.err, errs.String())
	}
	return took, nil
}

// tail keeps the end of what is written to it: where a program says what went wrong.
type tail struct{ b []byte }

const tailBytes = 2000

func (t *tail) Write(p []byte) (int, error) {
	if t.b = append(t.b, p...); len(t.b) > tailBytes {
		t.b = append(t.b[:0], t.b[len(t.b)-tailBytes:]...)
	}
	return len(p), nil
}

// String returns what is kept, on one line.
func (t *tail) String() string { return strings.Join(strings.Fields(string(t.b)), " ") }
