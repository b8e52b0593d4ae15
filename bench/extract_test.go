package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExtractIsMadeOnce(t *testing.T) {
	out := t.TempDir()
	first, err := ensureExtract(t.Context(), out, 50, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.warm(); err != nil {
		t.Error(err)
	}
	for _, table := range tableOrder {
		if f := first.files[table]; len(f.columns) < 10 {
			t.Errorf("%s: %d columns", table, len(f.columns))
		}
	}
	if _, err := places(first.files[tableActivity].columns, subjectColumns...); err != nil {
		t.Error(err)
	}
	before, err := os.Stat(first.files[tableActivity].path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ensureExtract(t.Context(), out, 50, 0)
	if err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(again.files[tableActivity].path)
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("the files were made again (%v)", err)
	}
	next, err := ensureExtract(t.Context(), out, 50, 1)
	if err != nil || next.dir == first.dir {
		t.Errorf("day 1 is in %s (%v)", next.dir, err)
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
	if d := cmp.Diff([]string{"a", "", "b c"}, splitHeader("\ufeffa||b c\r\n")); d != "" {
		t.Error(d)
	}
}
