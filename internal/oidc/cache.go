package oidc

import (
	"crypto/sha256"
	"sync"
	"time"
)

// cache keeps what issuers answered about tokens, under their SHA-256, for a short time. Safe for concurrent use.
type cache struct {
	now func() time.Time

	mu   sync.Mutex
	kept map[[sha256.Size]byte]cached
}

type cached struct {
	c     claims
	err   error // a refusal
	until time.Time
}

func newCache(now func() time.Time) *cache {
	return &cache{now: now, kept: map[[sha256.Size]byte]cached{}}
}

func (k *cache) get(raw string) (cached, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at, ok := k.kept[sha256.Sum256([]byte(raw))]
	return at, ok && k.now().Before(at.until)
}

func (k *cache) put(raw string, at cached) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := k.now(); len(k.kept) >= maxCached {
		for key, old := range k.kept {
			if !now.Before(old.until) {
				delete(k.kept, key)
			}
		}
		if len(k.kept) >= maxCached {
			clear(k.kept)
		}
	}
	k.kept[sha256.Sum256([]byte(raw))] = at
}
