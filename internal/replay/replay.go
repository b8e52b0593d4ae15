// Package replay keeps the answers to requests that bear an Idempotency-Key, by the caller, for a day: the same request under the same key
// is done once and answered as before; another request under the same key is refused.
//
// Keys are kept as hashes, answers as they were sent. They may hold what the caller wrote, and go with their day,
// or with whom they are about (Forget).
package replay

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Life is how long an answer is kept.
const Life = 24 * time.Hour

// pruneEvery is how often answers whose day is over are removed.
const pruneEvery = time.Hour

// The rules that are broken.
const (
	RuleOtherContent = "idempotency_other_content"
	RuleInUse        = "idempotency_in_use"
)

// kept is an answer and what it answers.
type kept struct {
	Print  []byte          `cbor:"1,keyasint"`
	At     time.Time       `cbor:"2,keyasint"`
	Answer annuaire.Answer `cbor:"3,keyasint"`
}

var table = store.NewTable[kept]("replay") // by caller and key, hashed

// Answers keeps answers in annuaire.db. Safe for concurrent use.
type Answers struct {
	ledger *store.Ledger
	now    func() time.Time

	mu     sync.Mutex
	inUse  map[string]bool
	pruned time.Time
}

// New returns the answers of a ledger. now may be nil.
func New(l *store.Ledger, now func() time.Time) *Answers {
	if now == nil {
		now = time.Now
	}
	return &Answers{ledger: l, now: now, inUse: map[string]bool{}}
}

// Begin returns the answer kept for a key, nil for a new one, which is then in use until End. CodeConflict for a key in use, or one that
// stands for another request.
func (a *Answers) Begin(who, key string, print []byte) (*annuaire.Answer, error) {
	id := hashed(who, key)
	a.mu.Lock()
	used := a.inUse[id]
	if !used {
		a.inUse[id] = true
	}
	a.mu.Unlock()
	if used {
		return nil, conflict(RuleInUse, "une demande portant cette clé est en cours", "a request under this key is under way")
	}
	answer, err := a.find(id, print)
	if answer != nil || err != nil {
		a.free(id)
	}
	return answer, err
}

func (a *Answers) find(id string, print []byte) (answer *annuaire.Answer, err error) {
	err = a.ledger.View(func(tx *store.Tx) error {
		k, ok, err := table.Get(tx, id)
		switch {
		case err != nil || !ok || a.now().Sub(k.At) >= Life:
			return err
		case !bytes.Equal(k.Print, print):
			return conflict(RuleOtherContent, "cette clé a servi à une autre demande", "this key stands for another request")
		}
		answer = &k.Answer
		return nil
	})
	return answer, err
}

func (a *Answers) free(id string) {
	a.mu.Lock()
	delete(a.inUse, id)
	a.mu.Unlock()
}

// End frees a key, and keeps an answer; nil keeps none: the next request under the key is done anew.
func (a *Answers) End(who, key string, print []byte, answer *annuaire.Answer) error {
	id := hashed(who, key)
	defer a.free(id)
	if answer == nil {
		return nil
	}
	now := a.now()
	a.mu.Lock()
	prune := now.Sub(a.pruned) >= pruneEvery
	if prune {
		a.pruned = now
	}
	a.mu.Unlock()
	return a.ledger.Update(func(tx *store.Tx) error {
		if prune {
			if err := drop(tx, func(k *kept) bool { return now.Sub(k.At) >= Life }); err != nil { // their day is over
				return err
			}
		}
		return table.Put(tx, id, kept{Print: print, At: now.UTC(), Answer: *answer})
	})
}

// Forget removes the answers that are about somebody, in a transaction that erases them. What is asked again under their keys is done anew.
func Forget(tx *store.Tx, about func(body []byte) bool) error {
	return drop(tx, func(k *kept) bool { return about(k.Answer.Body) })
}

func drop(tx *store.Tx, which func(*kept) bool) error {
	_, err := table.DeleteEach(tx, "", func(_ string, k kept) bool { return which(&k) })
	return err
}

func conflict(rule, french, english string) error {
	return annuaire.Errorf(annuaire.CodeConflict, "Idempotency-Key", french, english, nil).Because(rule)
}

func hashed(who, key string) string {
	sum := sha256.Sum256([]byte(who + "\x00" + key))
	return hex.EncodeToString(sum[:])
}
