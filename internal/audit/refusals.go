package audit

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"annuaire"
)

// Refusal is a credential that was not believed: on which front, which rule it broke, and from where.
type Refusal struct{ Front, Rule, From string }

// Limits of what refusals may write: those who guess are not to fill the disk. A day of them is at most some 300 lines; what is not written at
// once is counted, and the count is in the next line.
const (
	refusalsEvery = time.Minute
	linesPerHour  = 10
	linesAtOnce   = 40
	maxRefusals   = 1000 // kinds of refusals between two lines; the others are counted together
)

// Refusals sums up refused credentials and writes them into the audit as auth.refused, at a bounded rate. Safe for concurrent use.
type Refusals struct {
	write func(annuaire.AuditEvent) error
	now   func() time.Time
	rate  *rate.Limiter

	mu     sync.Mutex
	counts map[Refusal]int
	since  time.Time
}

// NewRefusals returns Refusals that are written by write.
func NewRefusals(write func(annuaire.AuditEvent) error, now func() time.Time) *Refusals {
	if now == nil {
		now = time.Now
	}
	return &Refusals{write: write, now: now, rate: rate.NewLimiter(rate.Limit(float64(linesPerHour)/3600), linesAtOnce), counts: map[Refusal]int{}}
}

// Add counts one. It waits for nobody.
func (r *Refusals) Add(at Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.counts) == 0 {
		r.since = r.now()
	}
	r.add(at, 1)
}

// add counts some. The caller holds mu.
func (r *Refusals) add(at Refusal, n int) {
	if _, known := r.counts[at]; !known && len(r.counts) >= maxRefusals {
		at = Refusal{Front: at.Front, Rule: "others"}
	}
	r.counts[at] += n
}

// Keep writes what was counted, every minute until ctx ends, and then once more. failed is told of lines that could not be written.
func (r *Refusals) Keep(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(refusalsEvery)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			ended = true
		}
		if err := r.Flush(); err != nil {
			failed(err)
		}
	}
}

// Flush writes what was counted, the most frequent first, as far as the rate allows; the rest waits.
func (r *Refusals) Flush() error {
	r.mu.Lock()
	counts, since := r.counts, r.since
	r.counts = map[Refusal]int{}
	r.mu.Unlock()
	now := r.now()
	order := slices.SortedFunc(maps.Keys(counts), func(a, b Refusal) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.From, b.From), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Front, b.Front))
	})
	for i, at := range order {
		if !r.rate.AllowN(now, 1) {
			r.putBack(order[i:], counts, since)
			return nil
		}
		e := annuaire.AuditEvent{From: at.From, What: "auth.refused", Target: at.Front, Why: at.Rule, After: map[string]any{"count": counts[at], "since": since.UTC().Truncate(time.Second)}}
		if err := r.write(e); err != nil { // a full disk, say: what is counted goes into a later line
			r.putBack(order[i:], counts, since)
			return err
		}
	}
	return nil
}

func (r *Refusals) putBack(left []Refusal, counts map[Refusal]int, since time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, at := range left {
		r.add(at, counts[at])
	}
	r.since = since
}
