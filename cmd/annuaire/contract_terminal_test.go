package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// onTerminal runs the program on a terminal and returns what is shown there.
func onTerminal(t *testing.T, args ...string) string {
	t.Helper()
	device := func(path string, flags int) *os.File {
		f, err := os.OpenFile(path, os.O_RDWR|flags, 0)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENODEV) { // a chroot without /dev/pts
			t.Skip("no terminals here: ", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	screen := device("/dev/ptmx", 0)
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	tty := device(fmt.Sprintf("/dev/pts/%d", n), unix.O_NOCTTY)
	cmd := command(t.Context(), args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = tty.Close()                // the program has its own
	shown, _ := io.ReadAll(screen) // it ends with an error when nobody has the terminal any more
	_ = screen.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(args, err)
	}
	return string(shown)
}

// TestContractTerminal holds what people see against DESIGN 7.
func TestContractTerminal(t *testing.T) {
	data := contractData(t)
	t.Run("search: table on a terminal", func(t *testing.T) {
		row := regexp.MustCompile(zelie + ` +EXEMPLE Zélie +Médecin +48000 Mende +` + zelieBox)
		if out := onTerminal(t, "search", "--data", data, "exemple"); !row.MatchString(out) || strings.Contains(out, "{") {
			t.Error(out)
		}
	})
	t.Run("--explain", func(t *testing.T) {
		response{200, nil, must(t, nil, "search", "--data", data, "exemple", "--explain").out}.says(t, 200, "items.0.explanation.0.how = exact", "explain.understood.0.text = exemple")
	})
	t.Run("long work shows bytes, rows per second and time left on a terminal", func(t *testing.T) {
		out := onTerminal(t, "sync", "--data", t.TempDir(), "--from", extracts(t, set{300, 1, 0}))
		if !regexp.MustCompile(`parse \d+ MB of \d+ MB \(100 %\), \d+ rows/s, 0s left`).MatchString(out) {
			t.Errorf("%q", out)
		}
	})
	t.Run("nothing of it elsewhere", func(t *testing.T) {
		if res := must(t, nil, "sync", "--data", t.TempDir(), "--from", extracts(t, set{300, 1, 0})); strings.Contains(res.out+res.err, "parse") {
			t.Error(res)
		}
	})
}
