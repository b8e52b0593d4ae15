package dispatch

import (
	"context"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"annuaire/internal/alert/spool"
)

// of returns the domain of a name. The caller holds mu.
func (s *Sender) of(name string) *domain {
	d, ok := s.domains[name]
	if !ok {
		d = &domain{}
		if s.o.DomainRate > 0 {
			d.limit = rate.NewLimiter(rate.Limit(s.o.DomainRate), max(1, int(s.o.DomainRate/10)))
		}
		s.domains[name] = d
	}
	return d
}

// take waits for the next message; ok is false when the service stops.
func (s *Sender) take(ctx context.Context) (j job, ok bool) {
	for {
		s.mu.Lock()
		if s.stopped {
			s.mu.Unlock()
			return j, false
		}
		j, ok = s.pick()
		wait := s.change
		s.mu.Unlock()
		if ok {
			return j, true
		}
		select {
		case <-ctx.Done():
			return j, false
		case <-wait:
		}
	}
}

// pick takes the next message, if one may go now. The caller holds mu.
func (s *Sender) pick() (job, bool) {
	now := time.Now() // of the limiters, not of the alerts
	for _, r := range s.runs {
		if r.paused || r.cancelled || r.expired {
			continue
		}
		for i, j := range r.ready {
			d := s.of(j.domain)
			if d.busy >= s.o.PerDomain || d.limit != nil && !d.limit.AllowN(now, 1) {
				continue
			}
			d.busy++
			r.ready = slices.Delete(r.ready, i, i+1)
			return j, true
		}
		if r.claiming && len(r.ready) == 0 { // it has more in a moment: lower ones wait
			return job{}, false
		}
	}
	return job{}, false
}

// done takes what became of a message.
func (s *Sender) done(j job, apply func(*spool.Status)) {
	s.handBack(j, func(r *sending) { r.results = append(r.results, result{j, apply}) })
}

// giveBack takes a message that no relay could be found for.
func (s *Sender) giveBack(j job) {
	s.handBack(j, func(r *sending) { r.ready = append(r.ready, j) })
}

// handBack counts a message to a domain less, and has its alert take it.
func (s *Sender) handBack(j job, take func(*sending)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.of(j.domain); d.busy > 0 { // domains are forgotten when nothing is under way
		d.busy--
	}
	take(j.of)
	j.of.poke()
	s.wake()
}

func (s *Sender) troubled(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = what
}

// connected counts a connection more, or one less.
func (s *Sender) connected(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open += n; n > 0 {
		s.trouble = ""
	}
}
