package limits

import (
	"crypto/sha256"
	"sync"
	"time"
)

// Guard slows whoever guesses secrets, on all fronts together: per address, and per beginning of a secret, so that many addresses do not help.
// A secret that was recognised of late goes on being: whoever shares an address with a client that has a wrong one is not shut out with it.
// Safe for concurrent use.
type Guard struct {
	limiter *Limiter
	now     func() time.Time
	told    func(Refusal)

	mu   sync.Mutex
	good map[[sha256.Size]byte]time.Time // secrets that were recognised, and when
}

// Refusal is a secret, certificate or identity that was refused.
type Refusal struct {
	Front string // "rest", "ldap"
	Rule  string // the rule that it broke: annuaire.Error
	From  string // network address
}

// Guesses is how many wrong secrets an address may send, and how many may begin alike: guessing 256 bits is hopeless, and filling logs is
// not to be free.
var Guesses = Class{RPS: 0.2, Burst: 20}

// Limits of a Guard.
const (
	beginning   = 12             // octets of a secret that are counted together: the mark of tokens, and 48 bits
	rememberFor = 24 * time.Hour // that a secret was recognised
	maxGood     = 20_000
)

// NewGuard returns a Guard that counts with l. told is called for each refusal (nil: nobody is).
func NewGuard(l *Limiter, told func(Refusal)) *Guard {
	if told == nil {
		told = func(Refusal) {}
	}
	return &Guard{limiter: l, now: l.now, told: told, good: map[[sha256.Size]byte]time.Time{}}
}

// Wait is how long an address has to wait before it may try a secret; 0 when it may now. address is the key of Address.
func (g *Guard) Wait(address, secret string) time.Duration {
	if g.recognised(secret) {
		return 0
	}
	return max(g.limiter.Peek(byAddress(address), Guesses), g.limiter.Peek(byBeginning(secret), Guesses))
}

// Refused counts a secret that was refused; "" where there is none that could be guessed, as of what is signed: no secret has to wait for that.
// ok is false for one too many: the client has to wait.
func (g *Guard) Refused(address, secret string, r Refusal) (wait time.Duration, ok bool) {
	g.told(r)
	if secret == "" {
		return g.limiter.Allow("wrong proof "+address, Guesses)
	}
	wait, ok = g.limiter.Allow(byAddress(address), Guesses)
	if ok { // an address that is held up cannot hold up a secret
		g.limiter.Allow(byBeginning(secret), Guesses)
	}
	return wait, ok
}

// Recognised remembers a secret.
func (g *Guard) Recognised(secret string) {
	key, now := sha256.Sum256([]byte(secret)), g.now()
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, known := g.good[key]; !known && len(g.good) >= maxGood {
		for k, at := range g.good {
			if now.Sub(at) > rememberFor {
				delete(g.good, k)
			}
		}
		if len(g.good) >= maxGood { // more than any instance has: whom it forgets is only counted as anybody is
			clear(g.good)
		}
	}
	g.good[key] = now
}

func (g *Guard) recognised(secret string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	at, ok := g.good[sha256.Sum256([]byte(secret))]
	return ok && g.now().Sub(at) <= rememberFor
}

func byAddress(address string) string { return "wrong token " + address }

// byBeginning keeps nothing of the secret in memory.
func byBeginning(secret string) string {
	sum := sha256.Sum256([]byte(secret[:min(beginning, len(secret))]))
	return "wrong beginning " + string(sum[:8])
}
