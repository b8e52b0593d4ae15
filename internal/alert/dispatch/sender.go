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
	"annuaire/internal/alert/spool"
	"annuaire/internal/relay"
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
	ctx     context.Context // of the pumps; nil before Run, which starts what was added before it
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
	for _, r := range s.runs {
		s.start(r)
	}
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
	if s.ctx != nil {
		s.start(r)
	}
}

func (s *Sender) start(r *sending) {
	ctx := s.ctx
	s.pumps.Go(func() { r.pump(ctx) })
}

func (s *Sender) pause(id string, on bool) { s.set(id, func(r *sending) { r.paused = on }) }

// set changes how an alert goes on, if it is under way.
func (s *Sender) set(id string, change func(*sending)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.runs {
		if r.id == id {
			change(r)
			r.poke()
			s.wake()
		}
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

// Trouble says what keeps the relays from answering, "" when nothing does: one that takes fewer connections than it is asked for serves all
// the same.
func (s *Sender) Trouble() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open > 0 {
		return ""
	}
	return s.trouble
}
