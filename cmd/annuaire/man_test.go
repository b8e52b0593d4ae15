package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestManualPages(t *testing.T) {
	dir := t.TempDir()
	must(t, nil, "man", "--out", dir)
	t.Run("every command that help lists has one", func(t *testing.T) {
		var missing func(path string, args ...string)
		missing = func(path string, args ...string) {
			if _, err := os.Stat(filepath.Join(dir, path+".1")); err != nil {
				t.Error(err)
			}
			_, list, found := strings.Cut(must(t, nil, append(args, "--help")...).out, "Available Commands:\n")
			if list, _, _ = strings.Cut(list, "\n\n"); found {
				for l := range strings.Lines(list) {
					if name, _, _ := strings.Cut(strings.TrimSpace(l), " "); name != "help" {
						missing(path+"-"+name, append(append([]string{}, args...), name)...)
					}
				}
			}
		}
		missing("annuaire")
	})
	t.Run("a page says what the command is, its options and its exit codes", func(t *testing.T) {
		b, err := os.ReadFile(filepath.Join(dir, "annuaire-restore.1"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{".SH NAME\nannuaire\\-restore \\- put a backup", "\\fB\\-\\-identity\\fR", ".SH EXIT STATUS\n.TP\n.B 0\n", "\\fBannuaire\\fR(1)"} {
			if !strings.Contains(string(b), want) {
				t.Errorf("%q is not in\n%s", want, b)
			}
		}
	})
	t.Run("man finds nothing wrong with them", func(t *testing.T) {
		groff, err := exec.LookPath("groff")
		if err != nil {
			t.Skip("no groff here")
		}
		pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
		if err != nil {
			t.Fatal(err)
		}
		args := append([]string{"-man", "-Tutf8", "-K", "utf8", "-ww", "-z"}, pages...) // what it finds, it names the page of
		if out, err := exec.Command(groff, args...).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		t.Run(shell, func(t *testing.T) {
			if res := finish(t, command(t.Context(), "completion", shell)); res.code != 0 || !strings.Contains(res.out, "annuaire") { // it writes to where the process does
				t.Error(res)
			}
		})
	}
	t.Run("it knows commands and flags", func(t *testing.T) {
		if out := must(t, nil, "__complete", "sync", "").out; !strings.Contains(out, "status") {
			t.Error(out)
		}
		if out := must(t, nil, "__complete", "backup", "--pass").out; !strings.Contains(out, "--passphrase-file") {
			t.Error(out)
		}
	})
}
