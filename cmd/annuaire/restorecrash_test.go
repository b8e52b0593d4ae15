package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// A restore killed at any moment leaves what was there or what was restored, whole; the next one ends well. With ANNUAIRE_SOAK=N it is
// killed N times.
func TestKillRestoreAtAnyMoment(t *testing.T) {
	rounds := 4
	if n, err := strconv.Atoi(os.Getenv("ANNUAIRE_SOAK")); err == nil {
		rounds = max(rounds, n)
	}
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	template, file := loaded(t, extracts(t, set{800, 1, 0})), filepath.Join(t.TempDir(), "backup")
	must(t, nil, "backup", "--data", template, "--out", file)
	saved := stored(t, template)
	syncTo(t, template, set{800, 1, 20})
	old := stored(t, template)
	restore := func(data string) []string { return []string{"restore", file, "--data", data, "--yes"} }
	whole := filepath.Join(t.TempDir(), "whole")
	copyTree(t, template, whole)
	begin := time.Now()
	must(t, nil, restore(whole)...)
	lasted, found := time.Since(begin), map[string]int{}
	for range rounds {
		data := filepath.Join(t.TempDir(), "data")
		copyTree(t, template, data)
		cmd := command(t.Context(), restore(data)...)
		ended := launch(t, cmd)
		after := time.Duration(rnd.Int64N(int64(lasted)))
		select {
		case <-ended:
		case <-time.After(after):
			_ = cmd.Process.Signal(syscall.SIGKILL) // it may just have ended
			<-ended
		}
		checked(t, data)
		switch got := stored(t, data); "" {
		case got.differs(old):
			found["old"]++
		case got.differs(saved):
			found["restored"]++
		default:
			t.Fatalf("killed after %s of %s: neither the old state nor the restored one\n%s", after, lasted, got.differs(old))
		}
		must(t, nil, restore(data)...)
		checked(t, data)
		same(t, "after the next restore", saved, stored(t, data))
		left(t, data, 1)
		if err := os.RemoveAll(data); err != nil {
			t.Fatal(err)
		}
	}
	t.Log("states found after a kill:", found)
}
