package dispatch

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"annuaire"
	"annuaire/internal/alert/relay"
	"annuaire/internal/alert/spool"
)

// SenderOptions say how messages are handed over. Zero values are the defaults.
type SenderOptions struct {
	Relays      []relay.Relay
	Connections int           // at a time, over all relays; default 8
	PerDomain   int           // messages at a time to one mail domain; default 20
	DomainRate  float64       // messages a second to one mail domain; 0: no limit
	Window      int           // messages in flight of one alert: as many may be sent again after a crash; default 256
	RetryBase   time.Duration // after the first refusal for now; doubled each time, up to 64 times; default 1 min, half of it for the highest severity

	// Skip says why a recipient does not get the message after all: the mailbox was orphaned or suspended since. "" sends. It is asked for
	// each message, by several goroutines.
	Skip func(spool.Recipient) string
	// TrainingDomain bounds where this instance may write to: recipients elsewhere are skipped. "" is no bound.
	TrainingDomain string
}

func (o SenderOptions) filled() SenderOptions {
	o.Connections, o.PerDomain, o.Window = cmp.Or(o.Connections, 8), cmp.Or(o.PerDomain, 20), cmp.Or(o.Window, 256)
	o.RetryBase = cmp.Or(o.RetryBase, time.Minute)
	return o
}

// Sender hands over the messages of all alerts under way. Its workers take from the alert of the highest severity as long as it has
// anything to give, and from one of equal severity in the order of approval.
type Sender struct {
	o   SenderOptions
	now func() time.Time

	mu      sync.Mutex
	change  chan struct{} // closed and replaced when there may be something to take
	runs    []*sending    // highest first
	domains map[string]*domain
	trouble string // why a relay was last not reached, "" when it was
	open    int    // connections to relays
	stopped bool
	pumps   sync.WaitGroup
	ctx     context.Context // of the pumps; nil before Run
	waiting []*sending      // added before Run
}

// domain is what is under way to one mail domain, of all alerts together.
type domain struct {
	busy  int
	limit *rate.Limiter // nil: none
}

func newSender(o SenderOptions, now func() time.Time) *Sender {
	return &Sender{o: o.filled(), now: now, change: make(chan struct{}), domains: map[string]*domain{}}
}

// rank orders severities, the highest first.
func rank(s annuaire.AlertSeverity) int { return slices.Index(annuaire.AlertSeverities, s) }

// wake tells everybody that waits to look again. The caller holds mu.
func (s *Sender) wake() {
	close(s.change)
	s.change = make(chan struct{})
}

// drain is how long messages in flight may take when the service stops.
const drain = 5 * time.Second

// Run hands messages over until ctx ends; it then waits for those in flight, and records them.
func (s *Sender) Run(ctx context.Context) error {
	hard, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	s.mu.Lock()
	s.ctx = hard
	for _, r := range s.waiting {
		s.start(r)
	}
	s.waiting = nil
	s.mu.Unlock()
	stop := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		s.stopped = true
		s.wake()
		s.mu.Unlock()
		time.AfterFunc(drain, cut)
	})
	defer stop()
	var g errgroup.Group
	for i := range s.o.Connections {
		g.Go(func() error { (&worker{s: s, at: i}).work(hard); return nil })
	}
	if s.o.DomainRate > 0 {
		go s.tick(hard)
	}
	err := g.Wait()
	s.pumps.Wait()
	return err
}

// tick has the workers look at domains again whose rate held them back.
func (s *Sender) tick(ctx context.Context) {
	t := time.NewTicker(50 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			s.mu.Lock()
			s.wake()
			s.mu.Unlock()
		}
	}
}

// add takes an alert under way. One that is there already stays.
func (s *Sender) add(r *sending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped || slices.ContainsFunc(s.runs, func(o *sending) bool { return o.id == r.id }) {
		return
	}
	s.runs = append(s.runs, r)
	slices.SortStableFunc(s.runs, func(a, b *sending) int { return cmp.Or(cmp.Compare(a.rank, b.rank), a.approved.Compare(b.approved)) })
	if s.ctx == nil {
		s.waiting = append(s.waiting, r)
		return
	}
	s.start(r)
}

func (s *Sender) start(r *sending) {
	ctx := s.ctx
	s.pumps.Go(func() { r.pump(ctx) })
}

// find returns the sending of an alert, nil when it is not under way. The caller holds mu.
func (s *Sender) find(id string) *sending {
	for _, r := range s.runs {
		if r.id == id {
			return r
		}
	}
	return nil
}

func (s *Sender) pause(id string, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(id); r != nil {
		r.paused = on
		r.poke()
		s.wake()
	}
}

func (s *Sender) cancel(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(id); r != nil {
		r.cancelled = true
		r.poke()
		s.wake()
	}
}

// remove forgets an alert that has ended.
func (s *Sender) remove(r *sending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs = slices.DeleteFunc(s.runs, func(o *sending) bool { return o == r })
	if len(s.runs) == 0 {
		clear(s.domains)
	}
	s.wake()
}

// Trouble says what keeps the relays from answering, "" when nothing does.
func (s *Sender) Trouble() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problem()
}

// problem is Trouble for who holds mu: a relay that takes fewer connections than it is asked for serves all the same.
func (s *Sender) problem() string {
	if s.open > 0 {
		return ""
	}
	return s.trouble
}

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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free(j.domain)
	j.of.results = append(j.of.results, result{j, apply})
	j.of.poke()
	s.wake()
}

// giveBack takes a message that no relay could be found for.
func (s *Sender) giveBack(j job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free(j.domain)
	j.of.ready = append(j.of.ready, j)
	j.of.poke()
	s.wake()
}

// free counts a message to a domain less. The caller holds mu.
func (s *Sender) free(domain string) {
	if d := s.of(domain); d.busy > 0 { // domains are forgotten when nothing is under way
		d.busy--
	}
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
