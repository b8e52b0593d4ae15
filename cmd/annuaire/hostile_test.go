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
	late := 0 // questions that the budget cut off: on a machine with much else to do some take long
	t.Run("it still runs, and nothing in it panicked", func(t *testing.T) {
		if !s.runs() {
			t.Errorf("it ended: %s", s.text())
		}
		for line := range strings.Lines(s.text()) {
			switch {
			case strings.Contains(line, `"cause":"context deadline exceeded"`):
				late++
			case strings.Contains(line, "panic"), strings.Contains(line, "fatal error"), strings.Contains(line, `"ERROR"`) && !strings.Contains(line, "the data is stale"):
				t.Error(line)
			}
		}
	})
	t.Run("nothing that strangers did counts as a failure of ours, but what their budget cut off", func(t *testing.T) {
		if internal, failed := s.counted(t, `front="ldap"`, `outcome="80"`), s.counted(t, `front="rest"`, `outcome="5xx"`); internal > 0 || failed != late {
			t.Errorf("%d over LDAP, %d over REST of which %d were late", internal, failed, late)
		}
		// They did get through to where questions are answered, which honest ones are never refused.
		if rest, ldap := s.counted(t, `front="rest"`, `outcome="4xx"`), s.counted(t, `front="ldap"`, `outcome="51"`)+s.counted(t, `front="ldap"`, `outcome="abandoned"`); rest < rounds/10 || ldap < rounds/10 {
			t.Errorf("%d refusals over REST, %d over LDAP", rest, ldap)
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
