package rig

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWriteDoc(t *testing.T) {
	path := filepath.Join(t.TempDir(), "B.md")
	for _, text := range []string{"one", "two"} {
		if err := WriteDoc(path, text); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != text {
			t.Errorf("%q, %v", b, err)
		}
	}
}

func TestMachine(t *testing.T) {
	if got := cpuModel("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nmodel name\t: Other\n"); got != "Some CPU @ 2 GHz" {
		t.Errorf("got %q", got)
	}
	if got := cpuModel("Features : fp asimd\n"); got != "" {
		t.Errorf("got %q", got)
	}
	if got := TotalMemory(); got < 64<<20 {
		t.Errorf("%d bytes of memory", got)
	}
	if got := FirstWords(t.Context(), 2, "echo", "a", "b", "c"); got != "a b" {
		t.Errorf("got %q", got)
	}
	if got := FirstWords(t.Context(), 2, "no-such-program-here"); got != "" {
		t.Errorf("got %q", got)
	}
}
