package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBackupAndRestore(t *testing.T) {
	data, dir := loaded(t, extracts(t, set{300, 1, 0})), t.TempDir()
	want := shown(t, data)
	phrase := filepath.Join(dir, "phrase")
	if err := os.WriteFile(phrase, []byte("une phrase assez longue\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "data of", nil, "serve", "--data", data, "--http", "127.0.0.1:0")
	plain, closed := filepath.Join(dir, "plain"), filepath.Join(dir, "closed")
	must(t, nil, "backup", "--data", data, "--out", plain)
	must(t, nil, "backup", "--data", data, "--out", closed, "--passphrase-file", phrase)
	t.Run("through a running server, into a file that only its owner reads", func(t *testing.T) {
		for _, f := range []string{plain, closed} {
			if st, err := os.Stat(f); err != nil || st.Mode() != 0o600 || st.Size() == 0 {
				t.Error(st, err)
			}
		}
		if got := total(t, p); got == 0 {
			t.Error("the server no longer answers")
		}
	})
	t.Run("an existing file is not replaced", func(t *testing.T) {
		must(t, []int{2}, "backup", "--data", data, "--out", plain)
	})
	t.Run("a disk that is full is said", func(t *testing.T) {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip("no /dev/full:", err)
		}
		defer full.Close()
		cmd := command(t.Context(), "backup", "--data", data, "--out", "-")
		var errs strings.Builder
		cmd.Stdout, cmd.Stderr = full, &errs
		if err := cmd.Run(); err == nil || !strings.Contains(errs.String(), "no space left") {
			t.Error(err, errs.String())
		}
	})
	t.Run("data in use is not restored over", func(t *testing.T) {
		if res := must(t, []int{1}, "restore", plain, "--data", data, "--yes"); !strings.Contains(res.err, "in use by another annuaire process") {
			t.Error(res)
		}
	})
	if code := p.stop(t); code != 0 {
		t.Fatal(code)
	}
	syncTo(t, data, set{300, 1, 9})
	t.Run("nor, without a yes, data at rest", func(t *testing.T) {
		must(t, []int{1}, "restore", plain, "--data", data)
	})
	t.Run("a dry run verifies and replaces nothing", func(t *testing.T) {
		before := shown(t, data)
		if res := must(t, nil, "restore", plain, "--data", data, "--dry-run"); !strings.Contains(res.out, "nothing replaced") {
			t.Error(res)
		}
		same(t, "after a dry run", before, shown(t, data))
	})
	t.Run("a sealed one needs its key", func(t *testing.T) {
		must(t, []int{2}, "restore", closed, "--data", data, "--yes")
		must(t, nil, "restore", closed, "--data", data, "--yes", "--passphrase-file", phrase)
		checked(t, data)
		same(t, "after a restore", want, shown(t, data))
		left(t, data, 1)
	})
	t.Run("into an empty place, and syncs go on from there", func(t *testing.T) {
		empty := filepath.Join(t.TempDir(), "data")
		must(t, nil, "restore", plain, "--data", empty)
		checked(t, empty)
		same(t, "in an empty place", want, shown(t, empty))
		rep := syncTo(t, empty, set{300, 1, 9})
		if rep.People.Total() == 0 {
			t.Error(rep)
		}
		checked(t, empty)
	})
	t.Run("a backup cut short is refused as input", func(t *testing.T) {
		b, err := os.ReadFile(plain)
		if err != nil {
			t.Fatal(err)
		}
		cut := filepath.Join(dir, "cut")
		if err := os.WriteFile(cut, b[:len(b)-100], 0o600); err != nil {
			t.Fatal(err)
		}
		must(t, []int{4}, "restore", cut, "--data", data, "--yes")
		checked(t, data)
	})
}
