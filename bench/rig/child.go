package rig

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Cost is what a piece of work took.
type Cost struct {
	Wall, User, Sys time.Duration
	Peaks
	Disk int64
}

// Plus adds work done after c. The peaks are those of either.
func (c Cost) Plus(o Cost) Cost {
	return Cost{
		Wall: c.Wall + o.Wall, User: c.User + o.User, Sys: c.Sys + o.Sys, Disk: c.Disk + o.Disk,
		Peaks: Peaks{Anon: max(c.Anon, o.Anon), Total: max(c.Total, o.Total)},
	}
}

// Child is a process that this one started, and will end.
type Child struct {
	cmd   *exec.Cmd
	Begun time.Time
	Ended chan struct{}
	Err   error // once ended
}

// Command prepares a child: in its own process group, so that an interrupt typed on the terminal reaches it through us, in order;
// with signal, not a kill, when ctx ends; without the variables that would configure it behind our back.
func Command(ctx context.Context, signal syscall.Signal, name string, args ...string) *exec.Cmd {
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

// Spawn starts a child that goes on until stopped.
func Spawn(cmd *exec.Cmd) (*Child, error) {
	c := &Child{cmd: cmd, Begun: time.Now(), Ended: make(chan struct{})}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		c.Err = cmd.Wait()
		close(c.Ended)
	}()
	return c, nil
}

func (c *Child) Pid() int { return c.cmd.Process.Pid }

// startWithin is how long a child may take to answer before the run is given up.
const startWithin = 5 * time.Minute

// Answers asks until there is an answer, and returns the time since the child was executed. name is what errors call it.
func (c *Child) Answers(ctx context.Context, name string, ask func() error) (time.Duration, error) {
	for time.Since(c.Begun) < startWithin {
		if ask() == nil {
			return time.Since(c.Begun), nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-c.Ended:
			return 0, fmt.Errorf("%s ended before it answered: %w", name, errors.Join(c.Err, errors.New("see its log")))
		case <-time.After(time.Millisecond):
		}
	}
	return 0, fmt.Errorf("%s did not answer in five minutes", name)
}

// Stop asks the child to end, insists after 20 seconds, and waits until it has.
func (c *Child) Stop(signal syscall.Signal) {
	_ = c.cmd.Process.Signal(signal) // an error is a child that has ended already
	select {
	case <-c.Ended:
	case <-time.After(20 * time.Second):
		_ = c.cmd.Process.Kill()
		<-c.Ended
	}
}

// Perform runs a child to its end and returns what it took; its standard output goes to out. allowed lists the exit codes, besides 0,
// that are no failure.
func Perform(cmd *exec.Cmd, out io.Writer, allowed ...int) (Cost, error) {
	var errs tail
	cmd.Stdout, cmd.Stderr = out, &errs
	c, err := Spawn(cmd)
	if err != nil {
		return Cost{}, err
	}
	s := Sample(c.Pid(), false)
	<-c.Ended
	took := Cost{Wall: time.Since(c.Begun), Peaks: s.Stop()}
	if st := cmd.ProcessState; st != nil {
		took.User, took.Sys = st.UserTime(), st.SystemTime()
	}
	var exit *exec.ExitError
	if errors.As(c.Err, &exit) && slices.Contains(allowed, exit.ExitCode()) {
		return took, nil
	}
	if c.Err != nil {
		return took, fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), c.Err, errs.String())
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
