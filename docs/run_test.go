package docs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// world is where the commands of a page are run: a folder that has the program in bin, and addresses of its own.
type world struct {
	dir             string
	http, ldap, idp string // where 127.0.0.1:8080, :3389 and :8081 of the pages are
}

// free returns addresses of this machine that nobody listens on.
func free(t *testing.T, n int) (addrs []string) {
	t.Helper()
	for range n {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer ln.Close()
		addrs = append(addrs, ln.Addr().String())
	}
	return addrs
}

func newWorld(t *testing.T, name string) world {
	t.Helper()
	a := free(t, 3)
	w := world{dir: filepath.Join(scratch, name), http: a[0], ldap: a[1], idp: a[2]}
	for _, d := range []string{"etc", "backups", "tmp"} {
		if err := os.MkdirAll(filepath.Join(w.dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Dir(binary), filepath.Join(w.dir, "bin")); err != nil {
		t.Fatal(err)
	}
	return w
}

// here rewrites what a page says of places to where they are in this world.
func (w world) here(text string) string {
	return strings.NewReplacer(
		"127.0.0.1:8080", w.http,
		"127.0.0.1:3389", w.ldap,
		"127.0.0.1:8081", w.idp,
		"/var/lib/annuaire", w.dir+"/data",
		"/var/backups/annuaire", w.dir+"/backups",
		"/etc/annuaire", w.dir+"/etc",
		"sudo -u annuaire ", "",
		"make build", "true",
		"make demo", "annuaire serve --data demo --ldap "+w.ldap, // the demo's data, loaded once for all pages
	).Replace(text)
}

func (w world) environment() []string {
	return environment("PATH="+filepath.Dir(binary)+":"+os.Getenv("PATH"), "HOME="+w.dir, "TMPDIR="+w.dir+"/tmp", "LC_ALL=C.UTF-8",
		"ANNUAIRE_LISTEN_HTTP="+w.http,
		"ANNUAIRE_LIMITS_SEARCH_BUDGET=1m", // on a machine that has much else to do
		"ANNUAIRE_ALARM_STALE_AFTER=0",     // made-up data is of November 2026: what a page shows does not hang on the day it is tested
		"ANNUAIRE_SYNC_SOURCES=")           // no page asks the real sources
}

// bash runs a script in this world; wrong is what it reported.
func (w world) bash(text string) (wrong string) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute) // on a machine that has much else to do
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", text)
	cmd.Dir, cmd.Env = w.dir, w.environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	reported, err := os.CreateTemp(w.dir, "reported-*")
	if err != nil {
		return err.Error()
	}
	defer reported.Close()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = &said, &said, []*os.File{reported}
	err = cmd.Run()
	b, readErr := os.ReadFile(reported.Name())
	if err = errors.Join(err, readErr); err != nil && len(b) == 0 {
		return err.Error() + "\n" + said.String()
	}
	return string(b)
}

// take runs the commands of a page, compares what it shows as answers, and says what is wrong.
func (w world) take(p page) (wrong string) {
	ran := func(b block) bool {
		kind, _ := b.kind()
		return b.lang == "sh" && kind != skipped && b.missing() == ""
	}
	if wrong = w.bash(w.here(script(p, ran))); wrong != "" {
		return wrong + w.last(p)
	}
	for i, b := range p.blocks {
		if b.info != answers || !ran(p.blocks[i-1]) {
			continue
		}
		if out := w.output(p.blocks[i-1]); !b.answered(out) {
			wrong += fmt.Sprintf("line %d: another answer is printed:\n%s", b.line, out)
		}
	}
	return wrong
}

// end is what a reader of a failure needs of a long output.
func end(text string) string { return text[max(0, len(text)-1500):] }

func (w world) output(b block) string {
	out, _ := os.ReadFile(filepath.Join(w.dir, fmt.Sprintf("out.%d", b.line)))
	return string(out)
}

// last is what the last block that was run printed.
func (w world) last(p page) string {
	for _, b := range slices.Backward(p.blocks) {
		errs, err := os.ReadFile(filepath.Join(w.dir, fmt.Sprintf("err.%d", b.line)))
		if err == nil {
			return fmt.Sprintf("\nthe block of line %d printed:\n%s\n%s", b.line, end(string(errs)), end(w.output(b)))
		}
	}
	return ""
}

// TestCommandsOfThePages runs what the pages tell to run. Pages that start a server themselves have a world of their own; the others share a
// running demo, one after the other, and do not care what those before them left.
func TestCommandsOfThePages(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash here")
	}
	var shared, own []page
	for _, p := range pages(t) {
		commands := slices.ContainsFunc(p.blocks, func(b block) bool { return b.lang == "sh" })
		starts := slices.ContainsFunc(p.blocks, func(b block) bool { return b.lang == "sh" && b.info == serves })
		switch {
		case starts:
			own = append(own, p)
		case commands:
			shared = append(shared, p)
		}
	}
	base := loadDemo(t)
	for _, p := range own {
		t.Run(p.path, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, anchor(p.path))
			w.copy(t, base, "demo")
			if wrong := w.take(p); wrong != "" {
				t.Error(wrong)
			}
		})
	}
	t.Run("on a running demo", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, "shared")
		w.copy(t, base, "data")
		w.serveDemo(t)
		t.Run("every metric that a page names is measured", func(t *testing.T) { measured(t, "http://"+w.http) })
		for _, p := range shared {
			t.Run(p.path, func(t *testing.T) {
				w.forget(t)
				if wrong := w.take(p); wrong != "" {
					t.Error(wrong)
				}
			})
		}
	})
}

// forget removes the output of the page before.
func (w world) forget(t *testing.T) {
	t.Helper()
	for _, pattern := range []string{"out.*", "err.*"} {
		old, _ := filepath.Glob(filepath.Join(w.dir, pattern))
		for _, f := range old {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Blocks that are not run are few, and each says why.
func TestBlocksThatAreNotRunSayWhy(t *testing.T) {
	run, not := 0, 0
	for _, p := range pages(t) {
		for i, b := range p.blocks {
			switch b.lang {
			case "sh":
			case "bash", "shell", "console", "zsh":
				t.Errorf("%s:%d: commands are sh", p.path, b.line)
				continue
			default:
				if b.info == answers && (i == 0 || p.blocks[i-1].lang != "sh" || p.blocks[i-1].info != runs) {
					t.Errorf("%s:%d: an answer to nothing", p.path, b.line)
				}
				continue
			}
			kind, err := b.kind()
			if err != nil {
				t.Errorf("%s:%d: %v", p.path, b.line, err)
			}
			if kind == serves && len(logicalLines(b.text)) != 1 {
				t.Errorf("%s:%d: a server is one command", p.path, b.line)
			}
			if kind == skipped {
				not++
				t.Logf("%s:%d is not run: %s", p.path, b.line, strings.TrimPrefix(b.info, skipped+" "))
				continue
			}
			run++
			if m := b.missing(); m != "" {
				t.Logf("%s:%d is skipped: no %s here", p.path, b.line, m)
			}
		}
	}
	t.Logf("%d blocks are run, %d are not", run, not)
	if run < 20 || not > run/2 {
		t.Errorf("%d blocks are run, %d are not", run, not)
	}
}
