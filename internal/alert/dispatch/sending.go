package dispatch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"annuaire"
	"annuaire/internal/alert/spool"
)

// sending is one alert under way. Its pump alone reads and writes lanes and the file; the fields below mu of the Sender are shared with the
// workers.
type sending struct {
	id       string
	rank     int
	approved time.Time
	expires  time.Time
	s        *Sender
	file     *spool.File
	message  func(n uint32, r spool.Recipient) message
	ended    func(expired bool)  // nothing is left to send
	broken   func(problem error) // the file cannot be written

	lanes  *lanes
	flight map[uint32]struct{} // claimed, and not yet recorded
	kick   chan struct{}       // something happened

	// Under mu of the Sender.
	ready     []job
	results   []result
	claiming  bool
	paused    bool
	cancelled bool
	expired   bool
}

// job is one message to hand over.
type job struct {
	of     *sending
	n      uint32
	domain string
}

// result is what became of a message.
type result struct {
	job
	apply func(*spool.Status)
}

// poke has the pump look. It never waits.
func (r *sending) poke() {
	select {
	case r.kick <- struct{}{}:
	default:
	}
}

// load queues what waits. What was in flight when the service was last killed is marked: it may be sent twice.
func (r *sending) load() error {
	r.lanes, r.flight = newLanes(), map[uint32]struct{}{}
	left, err := r.file.Flight()
	if err != nil {
		return err
	}
	var marks []spool.Change
	for _, n := range left {
		if r.file.State(n).Waiting() {
			marks = append(marks, spool.Change{N: n, Apply: func(s *spool.Status) { s.Repeated = true }})
		}
	}
	if err := r.file.Commit(marks, []uint32{}); err != nil {
		return err
	}
	return r.file.Each(0, func(n uint32, rec spool.Recipient, st spool.Status) bool {
		switch st.State {
		case spool.Queued:
			r.lanes.add(n, annuaire.DomainOf(rec.Address))
		case spool.Deferred:
			r.lanes.putOff(n, annuaire.DomainOf(rec.Address), st.Next)
		}
		return true
	})
}

// pump records what became of messages and claims the next ones, in one transaction each time round, until nothing is left or ctx ends.
// A message is claimed durably before a worker gets it: after a crash, what may have been sent is known.
func (r *sending) pump(ctx context.Context) {
	defer r.s.remove(r)
	if err := r.load(); err != nil {
		r.broken(err)
		return
	}
	for {
		wait, more, err := r.turn()
		if err != nil {
			r.broken(err)
			return
		}
		if !more {
			return
		}
		var timer <-chan time.Time
		if wait > 0 {
			timer = time.After(wait)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.kick:
		case <-timer:
		}
	}
}

// turn goes round once; wait is when to look again by itself, more is false when this sending is over or the service stops.
func (r *sending) turn() (wait time.Duration, more bool, err error) {
	now := r.s.now()
	r.s.mu.Lock()
	results := r.results
	r.results = nil
	over := r.cancelled || !now.Before(r.expires)
	r.expired = !r.cancelled && over
	hold := r.paused || over || r.s.stopped
	var back []job
	if hold {
		back, r.ready = r.ready, nil
	}
	stopped, ended := r.s.stopped, over
	r.claiming = !hold
	r.s.mu.Unlock()

	changes, after := make([]spool.Change, 0, len(results)), make([]spool.Status, len(results))
	for i, x := range results {
		changes = append(changes, spool.Change{N: x.n, Apply: func(s *spool.Status) { x.apply(s); after[i] = *s }})
		delete(r.flight, x.n)
		r.lanes.unclaim(x.domain)
	}
	for _, j := range back {
		delete(r.flight, j.n)
		r.lanes.unclaim(j.domain)
		r.lanes.add(j.n, j.domain)
	}
	r.lanes.due(now.Unix())
	var claims []job
	if !hold {
		r.lanes.claim(r.s.o.Window-len(r.flight), 2*r.s.o.PerDomain, func(n uint32, domain string) {
			claims = append(claims, job{r, n, domain})
			r.flight[n] = struct{}{}
		})
	}
	if len(changes)+len(claims)+len(back) > 0 {
		if err := r.file.Commit(changes, slices.AppendSeq([]uint32{}, maps.Keys(r.flight))); err != nil {
			return 0, false, err
		}
	}
	for i, x := range results { // what was put off waits its time
		if after[i].State == spool.Deferred {
			r.lanes.putOff(x.n, x.domain, after[i].Next)
		}
	}
	r.s.mu.Lock()
	r.ready = append(r.ready, claims...)
	r.claiming = !hold && r.lanes.count > 0 && len(r.flight) >= r.s.o.Window
	pending := len(r.results) > 0
	if len(claims) > 0 || !r.claiming {
		r.s.wake()
	}
	r.s.mu.Unlock()
	switch {
	case pending:
		return time.Nanosecond, true, nil
	case len(r.flight) > 0:
	case stopped:
		return 0, false, nil
	case ended:
		return 0, false, r.settle()
	case r.lanes.count == 0 && len(r.lanes.later) == 0:
		r.ended(false)
		return 0, false, nil
	}
	wait = r.expires.Sub(r.s.now())
	if next := r.lanes.due(0); next > 0 {
		wait = min(wait, time.Duration(next-r.s.now().Unix())*time.Second)
	}
	return max(wait, 10*time.Millisecond), true, nil
}

// settleAtOnce bounds one transaction.
const settleAtOnce = 5000

// settle ends what waits, when the alert was cancelled or has expired.
func (r *sending) settle() error {
	r.s.mu.Lock()
	to := spool.Expired
	if r.cancelled {
		to = spool.Cancelled
	}
	r.s.mu.Unlock()
	now, some := r.s.now().Unix(), false
	var changes []spool.Change
	flush := func() error {
		err := r.file.Commit(changes, nil)
		changes = changes[:0]
		return err
	}
	for n := range uint32(r.file.Len()) {
		if !r.file.State(n).Waiting() {
			continue
		}
		some = true
		changes = append(changes, spool.Change{N: n, Apply: func(s *spool.Status) { s.State, s.At, s.Next = to, now, 0 }})
		if len(changes) == settleAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	r.ended(some)
	return nil
}
