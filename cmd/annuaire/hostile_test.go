package main

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What hundreds of strangers at a time may make the program hold beyond what it held before them, in octets: what is in use and what the
// collector has not given back (a connection holds 1 MiB at most, ldapd's TestOneConnectionCostsLittle; few reach that).
const hostileMemory = 256 << 20

// few descriptors and goroutines come and go by themselves.
const few = 8

// TestHostileConnections: whatever strangers send, whatever they do not read and however they leave, on all four fronts at once, the program
// goes on giving the right answers to others in time, holds little, gives back every descriptor, panics at nothing and ends when it is asked
// to. With ANNUAIRE_SOAK=N it is N times as long, some six seconds each.
func TestHostileConnections(t *testing.T) {
	s := besieged(t)
	rounds := 500
	if n, err := strconv.Atoi(os.Getenv("ANNUAIRE_SOAK")); err == nil {
		rounds *= max(1, n)
	}
	asked := s.honest(t)
	asked.once(t) // so that whatever is opened once is
	memory, files, routines := s.memory(t), s.files(t), s.routines(t)
	stop := asked.goOn()
	var wait sync.WaitGroup
	turn := make(chan int)
	for range 24 {
		wait.Go(func() {
			for round := range turn {
				s.stranger(t, round)
			}
		})
	}
	for round := 0; round < rounds && !t.Failed() && s.runs(); round++ {
		turn <- round
	}
	close(turn)
	wait.Wait()
	stop(t)
	t.Logf("%d strangers; anonymous memory %d MiB before, %d MiB at most; descriptors %d before, with %d connections left open %d",
		rounds, memory>>20, s.most.Load()>>20, files, len(s.left), s.files(t))
	t.Run("it still runs, and nothing in it panicked", func(t *testing.T) {
		if !s.runs() {
			t.Errorf("it ended: %s", s.text())
		}
		for line := range strings.Lines(s.text()) {
			if strings.Contains(line, "panic") || strings.Contains(line, "fatal error") || strings.Contains(line, `"ERROR"`) && !strings.Contains(line, "the data is stale") {
				t.Error(line)
			}
		}
	})
	t.Run("nothing that strangers did counts as a failure of ours", func(t *testing.T) {
		for line := range strings.Lines(s.metrics(t)) {
			if strings.Contains(line, "_count{") && (strings.Contains(line, `outcome="5xx"`) || strings.Contains(line, `outcome="80"`)) {
				t.Error(line)
			}
		}
	})
	t.Run("its memory stayed under its bound", func(t *testing.T) {
		if s.most.Load() > memory+hostileMemory {
			t.Errorf("%d MiB, %d MiB before", s.most.Load()>>20, memory>>20)
		}
	})
	t.Run("every descriptor is given back, and every goroutine ends", func(t *testing.T) {
		s.leave(len(s.left))
		for end := time.Now().Add(deadline); s.files(t) > files+few || s.routines(t) > routines+few; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d descriptors, %d before; %d goroutines, %d before", s.files(t), files, s.routines(t), routines)
			}
		}
	})
	t.Run("it ends when it is asked to, whoever is still there", func(t *testing.T) {
		for _, trick := range []string{"a head without its end", "requests whose answers are not read", "an export that is not read", "a feed that is left", "a body without end"} {
			s.stay(t, "http", httpTricks[trick])
		}
		for _, trick := range []string{"searches that are not read", "pages that are not read", "StartTLS and nothing", "a message cut short"} {
			s.stay(t, "ldap", ldapTricks[trick])
		}
		s.stay(t, "https", tlsTricks["half a handshake"])
		s.stay(t, "ldaps", tlsTricks["a handshake and no end"])
		if code := s.stop(t); code != 0 {
			t.Errorf("exit code %d\n%.20000s", code, s.text())
		}
		s.leave(len(s.left))
	})
	if t.Failed() {
		t.Log("seed", s.seed)
	}
}
