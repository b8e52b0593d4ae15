package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestPathThatTheServerCannotRead(t *testing.T) {
	data, nowhere := loaded(t, extracts(t, set{300, 1, 0})), filepath.Join(t.TempDir(), "nowhere")
	p, _ := serving(t, data, "")
	defer p.stop(t)
	res := must(t, []int{4}, "sync", "--data", data, "--from", nowhere)
	for _, said := range []string{"the server cannot read " + nowhere, "ProtectHome", data} {
		if !strings.Contains(res.err, said) {
			t.Errorf("%q is not said: %s", said, res.err)
		}
	}
}
