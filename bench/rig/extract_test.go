package rig

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExtractIsMadeOnce(t *testing.T) {
	out := t.TempDir()
	first, err := EnsureExtract(t.Context(), out, 50, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Warm(); err != nil {
		t.Error(err)
	}
	for _, table := range TableOrder {
		if f := first.Files[table]; len(f.Columns) < 10 {
			t.Errorf("%s: %d columns", table, len(f.Columns))
		}
	}
	before, err := os.Stat(first.Files[TableActivity].Path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := EnsureExtract(t.Context(), out, 50, 0)
	if err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(again.Files[TableActivity].Path)
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("the files were made again (%v)", err)
	}
	next, err := EnsureExtract(t.Context(), out, 50, 1)
	if err != nil || next.Dir == first.Dir {
		t.Errorf("day 1 is in %s (%v)", next.Dir, err)
	}
}

func TestAFolderThatLacksAFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "PS_LibreAcces_SavoirFaire_202611010312.txt"), []byte("a|b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openExtract(dir); err == nil || !strings.Contains(err.Error(), "remove the folder") {
		t.Errorf("got %v", err)
	}
}

func TestSplitHeader(t *testing.T) {
	if d := cmp.Diff([]string{"a", "", "b c"}, SplitHeader("\ufeffa||b c\r\n")); d != "" {
		t.Error(d)
	}
}
