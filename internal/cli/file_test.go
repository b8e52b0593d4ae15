package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// talking is a command with what is typed and what is printed.
func talking(typed string) (c *cobra.Command, out, errs *bytes.Buffer) {
	c, out, errs = &cobra.Command{}, &bytes.Buffer{}, &bytes.Buffer{}
	c.SetIn(strings.NewReader(typed))
	c.SetOut(out)
	c.SetErr(errs)
	return c, out, errs
}

func TestWrite(t *testing.T) {
	hello := func(w io.Writer) error { _, err := io.WriteString(w, "bonjour"); return err }
	t.Run("a new file is for its owner alone", func(t *testing.T) {
		c, _, _ := talking("")
		path := filepath.Join(t.TempDir(), "out")
		size, err := Write(c, path, hello)
		st, serr := os.Stat(path)
		if err != nil || size != 7 || serr != nil || st.Mode().Perm() != 0o600 || st.Size() != 7 {
			t.Error(size, err, st, serr)
		}
	})
	t.Run("no file is replaced", func(t *testing.T) {
		c, _, _ := talking("")
		path := filepath.Join(t.TempDir(), "out")
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Write(c, path, hello); ExitCode(err) != ExitUsage {
			t.Error(err)
		}
		if b, err := os.ReadFile(path); string(b) != "old" {
			t.Error(string(b), err)
		}
	})
	t.Run("one that cannot be written to its end leaves nothing", func(t *testing.T) {
		c, _, _ := talking("")
		dir := t.TempDir()
		broken := errors.New("broken")
		_, err := Write(c, filepath.Join(dir, "out"), func(w io.Writer) error { return errors.Join(hello(w), broken) })
		left, _ := os.ReadDir(dir)
		if !errors.Is(err, broken) || len(left) != 0 {
			t.Error(err, left)
		}
	})
	for _, path := range []string{"", "-"} {
		t.Run("the standard output is written to for "+path, func(t *testing.T) {
			c, out, _ := talking("")
			if _, err := Write(c, path, hello); err != nil || out.String() != "bonjour" {
				t.Error(out, err)
			}
		})
	}
}

func TestRead(t *testing.T) {
	c, _, _ := talking("typed")
	file := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(file, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"-": "typed", file: "kept"} {
		if got, err := ReadText(c, path); err != nil || got != want {
			t.Error(path, got, err)
		}
	}
	t.Run("a file that is not there is a wrong command line", func(t *testing.T) {
		if _, err := ReadText(c, file+"x"); ExitCode(err) != ExitUsage {
			t.Error(err)
		}
	})
	t.Run("and so is one that is no text of reasonable size", func(t *testing.T) {
		c, _, _ := talking(strings.Repeat("x", maxText+1))
		if _, err := ReadText(c, "-"); ExitCode(err) != ExitUsage {
			t.Error(err)
		}
	})
}

func TestConfirmation(t *testing.T) {
	for typed, want := range map[string]bool{"y\n": true, "Oui\n": true, "O\n": true, "yes\n": true, "n\n": false, "\n": false, "": false, "yesterday\n": false} {
		t.Run("whoever types "+strings.TrimSpace(typed), func(t *testing.T) {
			c, out, errs := talking(typed)
			var q Confirmation
			err := q.Ask(c, "delete? ", "not deleted")
			if (err == nil) != want || errs.String() != "delete? " || out.Len() > 0 {
				t.Error(err, errs, out)
			}
			if err != nil && (err.Error() != "not deleted" || ExitCode(err) != ExitFailed) {
				t.Error(err)
			}
		})
	}
	t.Run("with --yes nobody is asked", func(t *testing.T) {
		c, _, errs := talking("")
		var q Confirmation
		q.Flag(c, "do not ask")
		if err := errors.Join(c.ParseFlags([]string{"--yes"}), q.Ask(c, "delete? ", "not deleted")); err != nil || errs.Len() > 0 || !q.Yes() {
			t.Error(err, errs)
		}
	})
}
