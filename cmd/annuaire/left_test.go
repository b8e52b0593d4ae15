package main

import (
	"os"
	"path/filepath"
	"testing"
)

// left checks what lies in a data directory beside what is in use: generations/ holds the given number of generations, 0 or 1,
// which CURRENT names, and incoming/ holds at most a download.
func left(t *testing.T, data string, generations int) {
	t.Helper()
	names := func(sub string) (out []string) {
		entries, err := os.ReadDir(filepath.Join(data, sub))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			out = append(out, e.Name())
		}
		return out
	}
	for _, in := range names("incoming") {
		if in != "from-ans" { // the last version that was downloaded, or the part of one that came
			t.Error("left in incoming:", in)
		}
	}
	gens := names("generations")
	if len(gens) != generations {
		t.Errorf("generations: %v, want %d", gens, generations)
	}
	if generations != 1 || len(gens) != 1 {
		return
	}
	if b, err := os.ReadFile(filepath.Join(data, "CURRENT")); err != nil || string(b) != gens[0]+"\n" {
		t.Errorf("CURRENT says %q of %v, error %v", b, gens, err)
	}
}
