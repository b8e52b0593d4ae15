package ldapd_test

import (
	"sync/atomic"
	"testing"
	"time"

	"annuaire/ldapd"
)

// seen is what Metrics was told.
type seen struct {
	open atomic.Int64
	ops  chan told
}

type told struct {
	operation           string
	code                int
	entries, candidates int
}

func watch() *seen { return &seen{ops: make(chan told, 10_000)} }

func (s *seen) with() func(*ldapd.Options) {
	return func(o *ldapd.Options) { o.Metrics = s }
}

func (s *seen) Connections(delta int) { s.open.Add(int64(delta)) }

func (s *seen) Answered(operation string, code int, _ time.Duration, entries, candidates int) {
	s.ops <- told{operation, code, entries, candidates}
}

// next is the next operation told of.
func (s *seen) next(t *testing.T) told {
	t.Helper()
	select {
	case v := <-s.ops:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("nothing was told")
		return told{}
	}
}

func TestMetrics(t *testing.T) {
	s := watch()
	w := fewWire(t, s.with())
	w.send(bindRequest(1, 3, "", ""), query{base: base, scope: 1}.request(2))
	w.expect(1, 0x61, 0)
	w.entries(2)
	w.send(bindRequest(3, 2, "", ""), request(4, 0x68, nil), extended(5, "1.2.3", nil), request(6, 0x6e, compareBody(base, "cn", "x")))
	for _, want := range []told{{"bind", 0, 0, 0}, {"search", 0, 5, 5}, {"bind", 2, 0, 0}, {"write", 53, 0, 0}, {"extended", 2, 0, 0}, {"compare", 16, 0, 0}} {
		if got := s.next(t); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if n := s.open.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// Whoever hangs up gets no answer: that is no failure of ours, and is not counted as one.
func TestWhoHangsUpAbandons(t *testing.T) {
	s := watch()
	w, h := heldWire(t, s.with())
	w.send(query{base: base, scope: 1}.request(1))
	<-h.started
	_ = w.nc.Close()
	if got := s.next(t); got.operation != "search" || got.code != -1 {
		t.Errorf("%+v", got)
	}
}
