package main

import (
	"context"
	"time"

	"annuaire/bench/rig"
)

// readAll reads the whole address book once from each server, alone.
func (s *session) readAll(ctx context.Context) error {
	for _, srv := range s.servers() {
		rig.Tell("reading all of it: %s", srv.name)
		c, err := dial(ctx, srv.addr)
		if err != nil {
			return err
		}
		stop := context.AfterFunc(ctx, func() { _ = c.Close() })
		srv.quiet(ctx)
		begun, before := time.Now(), srv.cpu()
		n, err := readPages(c, base, nil)
		r := &fullRead{entries: n, took: time.Since(begun), cpu: srv.cpu() - before}
		stop()
		_ = c.Close()
		if err != nil {
			return err
		}
		s.res.of(srv.name).read = r
	}
	return nil
}

// askAll asks every question on every number of connections, the servers in turns.
func (s *session) askAll(ctx context.Context) error {
	watched := map[string]*rig.Sampler{}
	for _, srv := range s.servers() {
		watched[srv.name] = rig.Sample(srv.Pid(), false)
	}
	defer func() {
		for name, w := range watched {
			s.res.of(name).memory = w.Stop()
		}
	}()
	for i, q := range s.questions {
		for _, n := range s.conns {
			rig.Tell("%s, %d connections", q.name, n)
			turns := map[string][]turn{}
			for range s.rounds {
				for _, srv := range s.servers() {
					for _, either := range s.servers() {
						either.quiet(ctx)
					}
					t, err := take(ctx, srv, q, n, s.timing())
					if err != nil {
						return err
					}
					turns[srv.name] = append(turns[srv.name], t)
				}
			}
			s.res.kinds[i].turns[n] = pair{ours: medianOf(turns[oursName]), slapd: medianOf(turns[slapdName])}
		}
	}
	return nil
}
