// Package limits bounds what one client may ask, whatever front it asks: requests per second, and people per hour, so that the whole
// directory cannot be read off by whoever comes by. Memory is bounded: a client not seen for an hour is forgotten, and when there are
// too many, all of those who are within their limits.
package limits

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Class is how much a kind of client may ask. 0 is no limit.
type Class struct {
	RPS           float64 // requests per second, over time
	Burst         int     // requests at once
	PeoplePerHour int     // items returned
}

// maxClients bounds the clients remembered.
const maxClients = 100_000

// Limiter counts. Safe for concurrent use.
type Limiter struct {
	now func() time.Time

	mu      sync.Mutex
	clients map[string]*client
	swept   time.Time
}

type client struct {
	requests *rate.Limiter
	people   *rate.Limiter
	seen     time.Time
}

// New returns a Limiter on the clock now (nil: time.Now).
func New(now func() time.Time) *Limiter {
	if now == nil {
		now = time.Now
	}
	return &Limiter{now: now, clients: map[string]*client{}, swept: now()}
}

// Allow counts a request. When it is one too many, wait is how long the client has to wait before the next has a chance.
func (l *Limiter) Allow(key string, c Class) (wait time.Duration, ok bool) {
	now := l.now()
	k := l.of(key, c, now)
	if k.people != nil && k.people.TokensAt(now) < 0 {
		return time.Duration(-k.people.TokensAt(now) / float64(k.people.Limit()) * float64(time.Second)), false
	}
	if k.requests == nil {
		return 0, true
	}
	r := k.requests.ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// Peek is how long a client would have to wait before its next request, which is not counted; 0 when it need not.
func (l *Limiter) Peek(key string, c Class) time.Duration {
	l.mu.Lock()
	k := l.clients[key]
	l.mu.Unlock()
	if k == nil || k.requests == nil {
		return 0
	}
	if left := k.requests.TokensAt(l.now()); left < 1 {
		return time.Duration((1 - left) / c.RPS * float64(time.Second))
	}
	return 0
}

// Charge counts people returned to a client. They were given already: who took more than is left waits before the next request.
func (l *Limiter) Charge(key string, c Class, people int) {
	now := l.now()
	if k := l.of(key, c, now); k.people != nil && people > 0 {
		for people > 0 { // a reservation takes at most the burst
			n := min(people, k.people.Burst())
			k.people.ReserveN(now, n)
			people -= n
		}
	}
}

func (l *Limiter) of(key string, c Class, now time.Time) *client {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.clients) >= maxClients || now.Sub(l.swept) > time.Hour {
		l.sweep(now)
	}
	k := l.clients[key]
	if k == nil {
		k = &client{}
		if c.RPS > 0 {
			k.requests = rate.NewLimiter(rate.Limit(c.RPS), max(1, c.Burst))
		}
		if c.PeoplePerHour > 0 {
			k.people = rate.NewLimiter(rate.Limit(float64(c.PeoplePerHour)/3600), c.PeoplePerHour)
		}
		l.clients[key] = k
	}
	k.seen = now
	return k
}

// sweep forgets who was not seen for an hour; if that is not enough, who owes nothing.
func (l *Limiter) sweep(now time.Time) {
	l.swept = now
	for key, k := range l.clients {
		if now.Sub(k.seen) > time.Hour {
			delete(l.clients, key)
		}
	}
	if len(l.clients) < maxClients {
		return
	}
	for key, k := range l.clients {
		if k.people == nil || k.people.TokensAt(now) > float64(k.people.Burst())/2 {
			delete(l.clients, key)
		}
	}
	if len(l.clients) >= maxClients {
		clear(l.clients)
	}
}

// Address is the key of a client known by its address alone: IPv4 as it is, the /64 of IPv6, which is one subscriber.
func Address(a netip.Addr) string {
	if a = a.Unmap(); a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
