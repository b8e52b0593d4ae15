package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"annuaire/bench/rig"
)

// turn is what one server did with one question for a while.
type turn struct {
	done    int           // searches answered as asked
	took    time.Duration // in how long
	spread  rig.Spread
	cpu     time.Duration // of the server meanwhile
	refused int           // answered with an error: no search done, however quick
	why     string        // the first of these errors
	cut     int           // unanswered at the end; what they had waited counts in the spread
}

// rate is searches per second. When none was answered it is less than what is returned, one in the whole turn.
func (t turn) rate() float64 {
	if t.took <= 0 {
		return 0
	}
	return float64(max(t.done, 1)) / t.took.Seconds()
}

// perSearch is the server's processor time for a search; 0 when none was answered.
func (t turn) perSearch() time.Duration {
	if t.done == 0 {
		return 0
	}
	return t.cpu / time.Duration(t.done)
}

// timing is how long a turn lasts: as long as asked, and on until as many searches are answered as there are connections, so that a search
// that takes longer than a turn is measured too; but not beyond patience. Then what is still under way has grace to end.
type timing struct{ lasts, patience, grace time.Duration }

func (o options) timing() timing {
	return timing{lasts: o.time, patience: max(45*time.Second, o.time), grace: 5 * time.Second}
}

// worker is one connection that asks without a pause.
type worker struct {
	c     *conn
	ask   func(*conn) (outcome, error)
	times []time.Duration
	begun atomic.Int64 // of the search under way, in nanoseconds since the turn began; -1 for none
	err   error
}

// crowd is the workers of a turn, and what they did.
type crowd struct {
	timing
	workers []*worker
	from    time.Time
	stop    atomic.Bool
	done    atomic.Int64
	refused atomic.Int64
	why     atomic.Pointer[string]
	wake    chan struct{} // something was answered
	running sync.WaitGroup
}

// take has conns connections ask a question of a server. An error is one of the connection or the protocol; it ends the turn.
func take(ctx context.Context, s *server, q asked, conns int, tm timing) (t turn, err error) {
	g := &crowd{timing: tm, wake: make(chan struct{}, 1)}
	defer func() {
		for _, w := range g.workers {
			_ = w.c.Close() // nothing more is asked
		}
	}()
	for i := range conns {
		c, err := dial(ctx, s.addr)
		if err != nil {
			return t, err
		}
		g.workers = append(g.workers, &worker{c: c, ask: q.asker(i)})
	}
	before := s.cpu()
	g.start()
	g.wait(ctx, int64(conns))
	t = turn{done: int(g.done.Load()), took: time.Since(g.from), cpu: s.cpu() - before}
	var times []time.Duration
	times, t.cut = g.end()
	t.refused, t.spread = int(g.refused.Load()), rig.SpreadOfTimes(times)
	if why := g.why.Load(); why != nil {
		t.why = *why
	}
	return t, g.failed(ctx)
}

func (g *crowd) start() {
	g.from = time.Now()
	for _, w := range g.workers {
		w.begun.Store(-1)
		g.running.Go(func() { w.err = g.work(w) })
	}
}

func (g *crowd) work(w *worker) error {
	for !g.stop.Load() {
		begun := time.Since(g.from)
		w.begun.Store(int64(begun))
		out, err := w.ask(w.c)
		if err != nil {
			return err
		}
		w.begun.Store(-1)
		w.times = append(w.times, time.Since(g.from)-begun)
		if out.refused() {
			g.refused.Add(1)
			why := out.String()
			g.why.CompareAndSwap(nil, &why)
		} else {
			g.done.Add(1)
		}
		select {
		case g.wake <- struct{}{}:
		default:
		}
	}
	return nil
}
