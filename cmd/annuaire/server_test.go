package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is the program running: serve or demo.
type process struct {
	cmd  *exec.Cmd
	url  string // of its REST front, once it said so
	done chan struct{}

	mu    sync.Mutex
	lines []string // of its standard error
	more  chan struct{}
}

// start runs the program until it prints a line with the given words. It is killed with the test, if it still runs then.
func start(t *testing.T, ready string, env []string, args ...string) *process {
	t.Helper()
	p := &process{cmd: command(t.Context(), args...), done: make(chan struct{}), more: make(chan struct{}, 1)}
	p.cmd.Env = append(p.cmd.Env, env...)
	out, err := p.cmd.StderrPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // an error is that of a process that has ended, as it should
		<-p.done
		_ = p.cmd.Wait()
	})
	go p.read(out)
	p.says(t, ready)
	if m := regexp.MustCompile(`https?://[0-9.:]+`).FindString(p.text()); m != "" {
		p.url = m
	} else {
		t.Fatal("no address in:\n", p.text())
	}
	return p
}

func (p *process) read(out io.Reader) {
	defer close(p.done)
	for s := bufio.NewScanner(out); s.Scan(); {
		p.mu.Lock()
		p.lines = append(p.lines, s.Text())
		p.mu.Unlock()
		select {
		case p.more <- struct{}{}:
		default:
		}
	}
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.lines, "\n")
}

// says waits until words stand on the standard error.
func (p *process) says(t *testing.T, words string) {
	t.Helper()
	late := time.After(deadline)
	for !strings.Contains(p.text(), words) {
		select {
		case <-p.more:
		case <-p.done:
			if !strings.Contains(p.text(), words) {
				t.Fatalf("it ended without saying %q:\n%s", words, p.text())
			}
		case <-late:
			t.Fatalf("it did not say %q:\n%s", words, p.text())
		}
	}
}

// address waits until it has said where it listens for a scheme, as in "ldap://127.0.0.1:3389".
func (p *process) address(t *testing.T, scheme string) string {
	t.Helper()
	p.says(t, " "+scheme+"://")
	return regexp.MustCompile(`\b` + scheme + `://[0-9.:]+`).FindString(p.text())
}

// stop sends SIGTERM and returns the exit code.
func (p *process) stop(t *testing.T) int {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.done: // everything it said has been read
	case <-time.After(deadline):
		t.Fatal("SIGTERM does not end it:\n", p.text())
	}
	_ = p.cmd.Wait() // the exit code tells
	return p.cmd.ProcessState.ExitCode()
}

// page is what the tests read of any answer.
type page struct {
	Total      int
	Status     any // a word of /readyz, a number of a problem
	Detail     string
	Components []struct{ Name, State, Reason string }
	Items      []struct{ ID string }
}

// get asks the REST front.
func (p *process) get(path string) (int, page, error) { return get(p.url + path) }

func get(url string) (status int, body page, err error) {
	client := http.Client{Timeout: deadline}
	res, err := client.Get(url)
	if err != nil {
		return 0, body, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && json.Unmarshal(b, &body) != nil {
		err = fmt.Errorf("%s: not JSON: %q", url, b)
	}
	return res.StatusCode, body, err
}

// wants asks and checks the status.
func (p *process) wants(t *testing.T, status int, path string) page {
	t.Helper()
	got, body, err := p.get(path)
	if err != nil || got != status {
		t.Fatalf("%s: %d, want %d, %+v, error %v\n%s", path, got, status, body, err, p.text())
	}
	return body
}
