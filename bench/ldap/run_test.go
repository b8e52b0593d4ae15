package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"annuaire/bench/rig"
)

// A run of the smallest size, of every question, with whatever peer is installed.
func TestARunWritesItsPageAndLeavesNothingBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds, loads and serves")
	}
	t.Chdir("../..")
	out, tmp, doc := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "page.md")
	err := start(t.Context(), []string{"-people", "1000", "-out", out, "-tmp", tmp, "-doc", doc, "-rounds", "1", "-time", "10ms", "-conns", "3"})
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	_, err = findSlapd("", debian)
	beside := err == nil
	for _, q := range questions {
		tables := 1 // figures
		if beside && !q.pages {
			tables = 2 // and agreement
		}
		if n := strings.Count(string(page), "\n| "+q.name+" "); n < tables { // a name may begin another one
			t.Errorf("%s: in %d tables", q.name, n)
		}
	}
	if beside && strings.Contains(string(page), "not measured") {
		t.Errorf("slapd is installed: %s", page)
	}
	if strings.Contains(string(page), "answered with an error") {
		t.Errorf("searches were refused: %s", page)
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAnInterruptedRunLeavesNothingBehind(t *testing.T) {
	t.Chdir("../..")
	tmp := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := measure(ctx, options{people: 1000, out: t.TempDir(), tmp: tmp}); err == nil || errors.As(err, new(rig.Unmeasured)) {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
