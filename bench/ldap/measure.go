package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"annuaire/bench/rig"
)

// session is a run under way.
type session struct {
	options
	dir       string // for everything that goes away at the end
	product   rig.Product
	questions []asked
	ours      *server
	slapd     *server // nil: not measured, res.why says why
	res       *results
}

// measure loads both servers and asks them.
func measure(ctx context.Context, o options) (res *results, err error) {
	dir, err := os.MkdirTemp(o.tmp, "annuaire-bench-ldap-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	s := &session{options: o, dir: dir, res: &results{options: o, machine: rig.ThisMachine(slapdVersion(ctx)), when: time.Now().UTC()}}
	defer s.stop()
	for _, step := range []func(context.Context) error{s.prepare, s.export, s.loadPeer, s.agree, s.readAll, s.askAll} {
		if err := step(ctx); err != nil {
			return nil, cmp.Or(ctx.Err(), err) // what an interrupt brings about is no news
		}
	}
	return s.res, nil
}

// stop ends the servers.
func (s *session) stop() {
	for _, srv := range s.servers() {
		srv.stop()
	}
	s.ours, s.slapd = nil, nil
}

// servers are those that run, in the order in which they take turns.
func (s *session) servers() (out []*server) {
	for _, srv := range []*server{s.ours, s.slapd} {
		if srv != nil {
			out = append(out, srv)
		}
	}
	return out
}

// prepare builds the program, makes and loads the extracts, and starts our server.
func (s *session) prepare(ctx context.Context) (err error) {
	rig.Tell("building annuaire")
	if s.product, err = rig.Build(ctx, s.dir); err != nil {
		return err
	}
	rig.Tell("extracts, %d people", s.people)
	e, err := rig.EnsureExtract(ctx, s.out, s.people, 0)
	if err != nil {
		return err
	}
	if err := e.Warm(); err != nil {
		return err
	}
	rig.Tell("annuaire sync")
	if _, s.res.ours.load, err = s.product.Sync(ctx, e.Dir); err != nil {
		return err
	}
	s.res.ours.load.Disk = rig.DiskUsage(s.product.Data)
	s.ours, err = serveOurs(ctx, s.product)
	return err
}

func (s *session) ldif() string { return filepath.Join(s.dir, "book.ldif") }

// export writes our address book down and draws the values of the questions from it.
func (s *session) export(ctx context.Context) error {
	rig.Tell("writing the address book down, and drawing the questions")
	x, err := export(ctx, s.ours.addr, base, s.ldif())
	if err != nil {
		return err
	}
	s.res.entries, s.res.dropped, s.res.ldif = x.entries, x.dropped, rig.DiskUsage(s.ldif())
	s.questions, err = instantiate(s.options.questions(), base, x)
	return err
}

// loadPeer loads slapd and starts it. Its failure is a line of the table, not the end of the run.
func (s *session) loadPeer(ctx context.Context) error {
	err := error(rig.Unmeasured("-skip-peer"))
	if !s.skipPeer {
		err = s.startSlapd(ctx)
	}
	s.res.why = rig.Why(slapdName, err)
	if err != nil {
		rig.Tell("slapd: %v", err)
	}
	return errors.Join(ctx.Err(), os.Remove(s.ldif())) // several gigabytes at national size
}

func (s *session) startSlapd(ctx context.Context) error {
	p, err := findSlapd(filepath.Join(s.dir, "slapd"), debian)
	if err != nil {
		return err
	}
	p.conf.wide = s.wide
	schema, err := schemaOf(ctx, s.ours.addr)
	if err != nil {
		return err
	}
	if err := p.learn(ctx, schema); err != nil {
		return err
	}
	rig.Tell("slapadd, %d entries", s.res.entries)
	if s.res.slapd.load, err = p.load(ctx, s.ldif()); err != nil {
		return err
	}
	s.slapd, err = p.serve(ctx, base)
	return err
}
