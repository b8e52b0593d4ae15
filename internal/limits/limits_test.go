package limits

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

func TestLimits(t *testing.T) {
	start := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	now := start
	newLimiter := func() *Limiter {
		now = start
		return New(func() time.Time { return now })
	}
	t.Run("a burst passes, the next request waits", func(t *testing.T) {
		l, c := newLimiter(), Class{RPS: 2, Burst: 3}
		for i := range 3 {
			if _, ok := l.Allow("a", c); !ok {
				t.Fatalf("request %d refused", i)
			}
		}
		wait, ok := l.Allow("a", c)
		if ok || wait != 500*time.Millisecond {
			t.Fatal(wait, ok)
		}
		now = now.Add(wait)
		if _, ok := l.Allow("a", c); !ok {
			t.Fatal("refused after the wait it was told")
		}
	})
	t.Run("a refusal costs nothing", func(t *testing.T) {
		l, c := newLimiter(), Class{RPS: 1, Burst: 1}
		l.Allow("a", c)
		for range 50 {
			l.Allow("a", c)
		}
		now = now.Add(time.Second)
		if _, ok := l.Allow("a", c); !ok {
			t.Fatal("still refused")
		}
	})
	t.Run("clients do not share", func(t *testing.T) {
		l, c := newLimiter(), Class{RPS: 1, Burst: 1}
		l.Allow("a", c)
		if _, ok := l.Allow("b", c); !ok {
			t.Fatal("b pays for a")
		}
	})
	t.Run("who took more people than an hour's waits until they are earned again", func(t *testing.T) {
		l, c := newLimiter(), Class{RPS: 100, Burst: 100, PeoplePerHour: 3600}
		l.Charge("a", c, 3500)
		if _, ok := l.Allow("a", c); !ok {
			t.Fatal("refused with people left")
		}
		l.Charge("a", c, 200)
		wait, ok := l.Allow("a", c)
		if ok || wait.Round(time.Second) != 100*time.Second {
			t.Fatal(wait, ok)
		}
		now = now.Add(wait + time.Second)
		if _, ok := l.Allow("a", c); !ok {
			t.Fatal("still refused")
		}
	})
	t.Run("one answer larger than the hour is counted whole", func(t *testing.T) {
		l, c := newLimiter(), Class{PeoplePerHour: 100}
		l.Charge("a", c, 250)
		if wait, ok := l.Allow("a", c); ok || wait.Round(time.Minute) != 90*time.Minute {
			t.Fatal(wait, ok)
		}
	})
	t.Run("no limit is none", func(t *testing.T) {
		l := newLimiter()
		for range 10_000 {
			l.Charge("a", Class{}, 1000)
			if _, ok := l.Allow("a", Class{}); !ok {
				t.Fatal("refused")
			}
		}
	})
	t.Run("memory is bounded, and who owes is remembered", func(t *testing.T) {
		l, c := newLimiter(), Class{RPS: 1, Burst: 1, PeoplePerHour: 100}
		l.Charge("debtor", c, 1000)
		for i := range maxClients + 10 {
			l.Allow(fmt.Sprint(i), c)
		}
		if len(l.clients) > maxClients {
			t.Errorf("%d clients", len(l.clients))
		}
		if _, ok := l.Allow("debtor", c); ok {
			t.Error("the debtor was forgotten")
		}
		now = now.Add(2 * time.Hour)
		l.Allow("new", c)
		if len(l.clients) > 2 {
			t.Errorf("%d clients after two hours", len(l.clients))
		}
	})
}

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64"} {
		t.Run(in, func(t *testing.T) {
			if got := Address(netip.MustParseAddr(in)); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}
