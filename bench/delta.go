package main

import (
	"context"
	"errors"
	"time"

	"annuaire/bench/rig"
)

// The readers of the delta, how long they ask before it and after it, and how often the same files are offered again.
const (
	readers  = 2
	baseline = 10 * time.Second
	agains   = 5
)

// measureDelta has a running server take day 1 in while clients ask the mix, then offers it the same files again.
func (s *session) measureDelta(ctx context.Context) error {
	if !s.only[partDelta] {
		return nil
	}
	if err := s.days[1].Warm(); err != nil {
		return err
	}
	srv, err := serve(ctx, s.product, s.questions[1][0])
	if err != nil {
		return err
	}
	defer srv.stop()
	rig.Tell("daily sync: day 1, %d clients asking", readers)
	var r deltaResult
	if err := s.syncUnderTraffic(ctx, srv, &r); err != nil {
		return err
	}
	for range agains {
		rep, took, err := s.product.Sync(ctx, s.days[1].Dir)
		if err != nil {
			return err
		}
		if rep.Outcome != "unchanged" {
			return errors.New("the same files again were not found to be the same")
		}
		r.again = append(r.again, took.Wall)
	}
	s.res.delta = &r
	return nil
}

func (s *session) syncUnderTraffic(ctx context.Context, srv *server, r *deltaResult) error {
	type asked struct {
		all []latency
		err error
	}
	done, result := make(chan struct{}), make(chan asked, 1)
	begun := time.Now()
	go func() {
		all, err := traffic(ctx, srv.url, s.questions, readers, 0, done)
		result <- asked{all, err}
	}()
	select { // an interrupt ends the traffic too
	case <-ctx.Done():
	case <-time.After(baseline):
	}
	mem := rig.Sample(srv.Pid(), false)
	from := time.Now()
	var err error
	r.report, r.took, err = s.product.Sync(ctx, s.days[1].Dir)
	to := time.Now()
	r.server = mem.Stop()
	if err == nil {
		select {
		case <-ctx.Done():
		case <-time.After(baseline):
		}
	}
	close(done)
	got := <-result
	if err := errors.Join(err, got.err); err != nil {
		return err
	}
	during := within(from, to)
	r.before = spreadOf(got.all, within(begun, from))
	r.during = spreadOf(got.all, during)
	r.after = spreadOf(got.all, within(to, time.Now()))
	for _, l := range got.all {
		if during(l) {
			r.asked++
		}
	}
	return nil
}
