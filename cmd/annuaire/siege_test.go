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
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

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

// besieged starts the program on made-up people, with all its fronts.
func besieged(t *testing.T) *siege {
	t.Helper()
	s := &siege{pair: newPair(t, pkix.Name{CommonName: "localhost"}), seed: uint64(time.Now().UnixNano()), at: map[string]string{}}
	data := loaded(t, extracts(t, set{7000, 1, 0}))
	s.process = start(t, "ldaps://", append(s.pair.env(), "ANNUAIRE_LOG_LEVEL=warn", "ANNUAIRE_LIMITS_SEARCH_BUDGET=6s"), "serve", "--data", data,
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

func (s *siege) metrics(t *testing.T) string {
	t.Helper()
	_, text := fetch(t, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, s.url+"/metrics", "")
	return text
}

// counted is how many requests the program counted with these labels.
func (s *siege) counted(t *testing.T, labels ...string) (n int) {
	t.Helper()
	for line := range strings.Lines(s.metrics(t)) {
		series, value, _ := strings.Cut(strings.TrimSpace(line), "} ")
		if !strings.HasPrefix(series, "annuaire_request_duration_seconds_count{") || slices.ContainsFunc(labels, func(l string) bool { return !strings.Contains(series, l) }) {
			continue
		}
		one, err := strconv.ParseFloat(value, 64) // a million is written 1e+06
		if err != nil {
			t.Fatal(err)
		}
		n += int(one)
	}
	return n
}

// routines is how many goroutines the program has.
func (s *siege) routines(t *testing.T) (n int) {
	t.Helper()
	_, text, _ := strings.Cut(s.metrics(t), "\ngo_goroutines ")
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
