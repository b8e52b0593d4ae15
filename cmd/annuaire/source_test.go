package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"annuaire/internal/store"
)

// However the same extracts come, they load the same people.
func TestSources(t *testing.T) {
	s := set{300, 1, 0}
	want := shown(t, loaded(t, extracts(t, s)))
	made := func(t *testing.T, args ...string) string {
		t.Helper()
		dir := t.TempDir()
		must(t, nil, append([]string{"fixtures", "--people", "300", "--seed", "1", "--out", dir}, args...)...)
		return dir
	}
	t.Run("fixtures write the same files for the same people, seed and day", func(t *testing.T) {
		if d := cmp.Diff(contents(t, extracts(t, s)), contents(t, made(t))); d != "" {
			t.Error(d)
		}
	})
	t.Run("ZIPs in a sub-folder", func(t *testing.T) {
		dir := t.TempDir()
		copyTree(t, made(t, "--zip"), filepath.Join(dir, "in", "here"))
		same(t, "from ZIPs", want, shown(t, loaded(t, dir)))
	})
	t.Run("files named one by one", func(t *testing.T) {
		args := []string{"sync", "--data", filepath.Join(t.TempDir(), "data")}
		for _, file := range []string{mailboxFile, diplomaFile, skillFile, peopleFile} {
			args = append(args, "--from", fileIn(t, extracts(t, s), file))
		}
		must(t, nil, args...)
		same(t, "file by file", want, shown(t, args[2]))
	})
	t.Run("data.gouv.fr names, dated by their files", func(t *testing.T) {
		dir := made(t, "--names", "datagouv")
		at := time.Date(2026, time.November, 1, 3, 12, 0, 0, time.UTC)
		for name := range contents(t, dir) {
			if err := os.Chtimes(filepath.Join(dir, name), at, at); err != nil {
				t.Fatal(err)
			}
		}
		same(t, "under other names", want, shown(t, loaded(t, dir)))
	})
	t.Run("of two sets the newer is taken and the other reported", func(t *testing.T) {
		dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
		copyTree(t, extracts(t, s), filepath.Join(dir, "b"))
		copyTree(t, extracts(t, set{300, 1, 9}), filepath.Join(dir, "a"))
		rep := report(t, must(t, nil, "sync", "--data", data, "--from", dir, "--json").out)
		if rep.Extract.Day() != 10 || len(rep.Warnings) == 0 || !strings.Contains(strings.Join(rep.Warnings, " "), "202611010312") {
			t.Errorf("%+v", rep)
		}
	})
	t.Run("without an MSSanté file the mailboxes stay as they are", func(t *testing.T) {
		data := loaded(t, extracts(t, s))
		from := edited(t, set{300, 1, 9}, mailboxFile, func([]string) []string { return nil })
		rep := report(t, must(t, nil, "sync", "--data", data, "--from", from, "--json").out)
		if rep.Mailboxes.Total() != 0 || rep.People.Total() == 0 || rep.MailboxesAt.Day() != 1 {
			t.Errorf("%+v", rep)
		}
		checked(t, data)
		got := shown(t, data)
		for k, v := range want.Records {
			if strings.HasPrefix(k, "mailbox ") && got.Records[k] != v {
				t.Errorf("%s: %s, was %s", k, got.Records[k], v)
			}
		}
	})
}

// contents reads the files of a folder, by name.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, path))
		out[path] = string(b)
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatal(err, len(out))
	}
	return out
}

// A sync that is interrupted by a signal says so with exit code 1, and leaves neither a change nor a leftover.
func TestInterruptedSync(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	before := shown(t, data)
	p := command(t.Context(), "sync", "--data", data, "--from", extracts(t, set{7000, 2, 21}))
	ended := launch(t, p)
	begun(t, data, ended)
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	switch res := <-ended; res.code {
	case 0:
		t.Log("the sync was faster than the signal")
	case 1:
		same(t, "after an interrupted sync", before, shown(t, data))
		if rep := report(t, must(t, nil, "sync", "--data", data, "--from", extracts(t, set{300, 1, 9}), "--json").out); rep.Outcome != store.OutcomeApplied {
			t.Errorf("%+v", rep)
		}
	default:
		t.Error(res)
	}
	left(t, data, 1)
	checked(t, data)
}

// begun waits until a run has begun: it has its folder in incoming/ from beginning to end.
func begun(t *testing.T, data string, ended <-chan result) {
	t.Helper()
	for {
		select {
		case res := <-ended:
			t.Fatal("the sync ended before it was seen to begin", res)
		case <-time.After(time.Millisecond):
			names, err := os.ReadDir(filepath.Join(data, "incoming"))
			if err != nil {
				t.Fatal(err)
			}
			if len(names) > 0 {
				return
			}
		}
	}
}
