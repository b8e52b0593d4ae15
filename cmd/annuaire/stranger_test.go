package main

import (
	"crypto/tls"
	"maps"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// stranger is somebody who means ill, on one connection. Errors are not looked at: the program may cut it off at any time.
type stranger struct {
	*rand.Rand
	net.Conn
	s *siege
}

// tricks are what strangers do, by scheme.
var tricks = map[string]map[string]func(*stranger){"http": httpTricks, "ldap": ldapTricks}

// stranger plays a round: one trick of one front, from an address out of a few or of many, and leaves in one way or another.
func (s *siege) stranger(t *testing.T, round int) {
	r := s.random(round)
	front := []string{"http", "ldap"}[r.IntN(2)]
	rule := pick(r, slices.Sorted(maps.Keys(tricks[front])))
	scheme := front
	if r.IntN(3) == 0 {
		scheme += "s"
	}
	from := net.IPv4(127, 1, 0, byte(1+r.IntN(8)))
	if r.IntN(2) == 0 {
		from = net.IPv4(127, 2, byte(r.IntN(256)), byte(1+r.IntN(254)))
	}
	who := s.comes(t, r, scheme, from)
	if who == nil {
		return
	}
	raw := who.Conn
	switch {
	case scheme == front:
		tricks[front][rule](who)
	case r.IntN(3) == 0:
		tlsTricks[pick(r, slices.Sorted(maps.Keys(tlsTricks)))](who)
	default:
		who.Conn = tls.Client(raw, s.pair.believing())
		if front == "ldap" && r.IntN(2) == 0 {
			who.say(bindAs(1, "cn=stranger", s.secret))
		}
		tricks[front][rule](who)
	}
	s.memory(t)
	switch r.IntN(4) {
	case 0: // in the middle of an answer, if it is long enough
		who.hear(r.IntN(3000))
		_ = raw.(*net.TCPConn).SetLinger(0)
	case 1:
		_ = raw.(*net.TCPConn).CloseWrite()
		who.hear(1 << 20)
	case 2:
		s.keep(raw)
		return
	}
	_ = raw.Close()
}

// comes connects; nil when the program takes nobody any more.
func (s *siege) comes(t *testing.T, r *rand.Rand, scheme string, from net.IP) *stranger {
	dialer := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: from}}
	nc, err := dialer.Dial("tcp", s.at[scheme])
	if err != nil {
		t.Error(scheme, err)
		return nil
	}
	_ = nc.SetDeadline(time.Now().Add(time.Duration(100+r.IntN(1500)) * time.Millisecond))
	return &stranger{r, nc, s}
}

// stay plays a trick and does not leave.
func (s *siege) stay(t *testing.T, scheme string, trick func(*stranger)) {
	if who := s.comes(t, s.random(-1), scheme, net.IPv4(127, 3, 0, 1)); who != nil {
		nc := who.Conn
		trick(who)
		s.keep(nc)
	}
}

// say sends something.
func (w *stranger) say(parts ...string) bool {
	_, err := w.Write([]byte(strings.Join(parts, "")))
	return err == nil
}

// hear reads some octets.
func (w *stranger) hear(n int) {
	buf := make([]byte, 32<<10)
	for n > 0 {
		got, err := w.Read(buf[:min(n, len(buf))])
		if n -= got; err != nil {
			return
		}
	}
}

// dribble sends octet by octet.
func (w *stranger) dribble(text string) {
	for i := range len(text) {
		if !w.say(text[i : i+1]) {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// flood sends what next makes, until the program has had enough or 4 MiB.
func (w *stranger) flood(next func() string) {
	for sent := 0; sent < 4<<20; {
		part := next()
		if sent += len(part) + 1; !w.say(part) {
			return
		}
	}
}

// length is of any order of magnitude below most.
func (w *stranger) length(most int) int {
	n := 1
	for n < most && w.IntN(8) > 0 {
		n *= 2 + w.IntN(3)
	}
	return min(most, n+w.IntN(n))
}

// octets are any.
func (w *stranger) octets(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(w.Uint32())
	}
	return string(b)
}

// changed is text with an octet or a few changed, left out or put in.
func (w *stranger) changed(text string) string {
	b := []byte(text)
	for range 1 + w.IntN(3) {
		at := w.IntN(len(b))
		switch w.IntN(4) {
		case 0:
			b[at] ^= 1 << w.IntN(8)
		case 1:
			b[at] = byte(w.Uint32())
		case 2:
			b = slices.Insert(b, at, byte(w.Uint32()))
		default:
			b = append(slices.Delete(b, at, at+1), 0)
		}
	}
	return string(b)
}

func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }
