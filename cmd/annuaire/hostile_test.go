package main

import (
	"bufio"
	"bytes"
	"crypto/x509/pkix"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// What hundreds of strangers at a time may make the program hold beyond what it held before them, in octets: what is in use and what the
// collector has not given back (a connection holds 1 MiB at most, ldapd's TestOneConnectionCostsLittle; few reach that).
const hostileMemory = 256 << 20

// few descriptors and goroutines come and go by themselves.
const few = 8

// A siege is a running program, strangers around it and whom it serves meanwhile.
type siege struct {
	*process
	pair   pair
	seed   uint64
	at     map[string]string // host:port by scheme
	cursor string            // one that the program made
	secret string            // of a token that may read, which some strangers have
	most   atomic.Int64      // octets of anonymous memory seen so far

	mu   sync.Mutex
	left []net.Conn // connections that strangers left open, the oldest first
}

// TestHostileConnections: whatever strangers send, whatever they do not read and however they leave, on all four fronts at once, the program
// goes on giving the right answers to others in time, holds little, gives back every descriptor, panics at nothing and ends when it is asked
// to. With ANNUAIRE_SOAK=N it is N times as long, some four seconds each.
func TestHostileConnections(t *testing.T) {
	s := besieged(t)
	rounds := 400
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

// besieged starts the program on made-up people, with all its fronts.
func besieged(t *testing.T) *siege {
	t.Helper()
	s := &siege{pair: newPair(t, pkix.Name{CommonName: "localhost"}), seed: uint64(time.Now().UnixNano()), at: map[string]string{}}
	data := loaded(t, extracts(t, set{7000, 1, 0}))
	s.process = start(t, "ldaps://", append(s.pair.env(), "ANNUAIRE_LOG_LEVEL=warn"), "serve", "--data", data,
		"--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--ldap", "127.0.0.1:0", "--ldaps", "127.0.0.1:0")
	for _, scheme := range []string{"http", "https", "ldap", "ldaps"} {
		_, s.at[scheme], _ = strings.Cut(s.address(t, scheme), "://")
	}
	s.wants(t, 200, "/readyz")
	s.secret = strings.TrimSpace(must(t, nil, "token", "new", "--data", data, "--name", "stranger", "--role", "reader").out)
	return s
}

// runs reports whether the program has not ended.
func (s *siege) runs() bool {
	select {
	case <-s.done:
		return false
	default:
		return true
	}
}

// keep leaves a connection open until there are too many.
func (s *siege) keep(nc net.Conn) {
	s.mu.Lock()
	s.left = append(s.left, nc)
	over := len(s.left) - 300
	s.mu.Unlock()
	s.leave(over)
}

// leave closes the n oldest of those that were left open.
func (s *siege) leave(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ; n > 0 && len(s.left) > 0; n-- {
		_ = s.left[0].Close()
		s.left = s.left[1:]
	}
}

func (s *siege) proc(name string) string {
	return filepath.Join("/proc", strconv.Itoa(s.cmd.Process.Pid), name)
}

// files is how many descriptors the program has.
func (s *siege) files(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir(s.proc("fd"))
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// routines is how many goroutines the program has.
func (s *siege) routines(t *testing.T) (n int) {
	t.Helper()
	_, text := fetch(t, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, s.url+"/metrics", "")
	_, text, _ = strings.Cut(text, "\ngo_goroutines ")
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// memory is its anonymous memory in octets, as the kernel counts it: not the indexes, which are mapped files.
func (s *siege) memory(t *testing.T) (octets int64) {
	t.Helper()
	b, err := os.ReadFile(s.proc("status"))
	if err != nil {
		t.Error(err)
		return 0
	}
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		if _, err := fmt.Sscanf(lines.Text(), "RssAnon: %d kB", &octets); err == nil {
			octets <<= 10
			for most := s.most.Load(); octets > most && !s.most.CompareAndSwap(most, octets); most = s.most.Load() {
			}
			return octets
		}
	}
	t.Error("no RssAnon")
	return 0
}

// random is the randomness of one round.
func (s *siege) random(round int) *rand.Rand { return rand.New(rand.NewPCG(s.seed, uint64(round))) }
