package main

import (
	"context"
	"errors"
	"net"
	"time"
)

// wait returns when the turn is over.
func (g *crowd) wait(ctx context.Context, enough int64) {
	defer g.stop.Store(true)
	all := make(chan struct{})
	go func() { // only a failure ends every worker before the turn is over
		g.running.Wait()
		close(all)
	}()
	select {
	case <-ctx.Done():
		return
	case <-all:
		return
	case <-time.After(g.lasts):
	}
	limit := time.NewTimer(g.patience - g.lasts)
	defer limit.Stop()
	for g.done.Load()+g.refused.Load() < enough {
		select {
		case <-ctx.Done():
			return
		case <-all:
			return
		case <-limit.C:
			return
		case <-g.wake:
		}
	}
}

// end waits for the searches under way, cuts off those that take longer, and returns how long each took; cut is how many were cut off,
// and had waited at least so long.
func (g *crowd) end() (times []time.Duration, cut int) {
	all := make(chan struct{})
	go func() {
		g.running.Wait()
		close(all)
	}()
	select {
	case <-all:
	case <-time.After(g.grace):
		for _, w := range g.workers {
			_ = w.c.Close()
		}
		<-all
	}
	until := time.Since(g.from)
	for _, w := range g.workers {
		times = append(times, w.times...)
		if begun := w.begun.Load(); begun >= 0 && errors.Is(w.err, net.ErrClosed) {
			times = append(times, until-time.Duration(begun))
			cut++
			w.err = nil
		}
	}
	return times, cut
}

// failed returns what went wrong, if anything did.
func (g *crowd) failed(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, w := range g.workers {
		if w.err != nil {
			return w.err
		}
	}
	return nil
}
