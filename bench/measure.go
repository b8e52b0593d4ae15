package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"annuaire/bench/rig"
)

// session is a run under way.
type session struct {
	options
	dir       string // for everything that goes away at the end
	product   rig.Product
	days      [2]rig.Extract
	questions [][]instance
	pg        *cluster // nil: not measured, pgWhy says why
	pgWhy     string
	res       *results
}

// measure runs the parts asked for.
func measure(ctx context.Context, o options) (res *results, err error) {
	dir, err := os.MkdirTemp(o.tmp, "annuaire-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL's user has to pass
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	s := &session{options: o, dir: dir, res: &results{options: o, machine: rig.ThisMachine(versions(ctx)...), when: time.Now().UTC()}}
	defer s.stopPostgres()
	for _, step := range []func(context.Context) error{s.prepare, s.loadAll, s.measureStart, s.measureSearch, s.measureTyping, s.measureRelevance, s.measureDelta} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return s.res, nil
}

// prepare builds the program, makes the extracts and draws the questions.
func (s *session) prepare(ctx context.Context) (err error) {
	rig.Tell("building annuaire")
	if s.product, err = rig.Build(ctx, s.dir); err != nil {
		return err
	}
	for day := range s.days {
		if day > 0 && !s.only[partDelta] {
			break
		}
		rig.Tell("extracts of day %d, %d people", day, s.people)
		if s.days[day], err = rig.EnsureExtract(ctx, s.out, s.people, day); err != nil {
			return err
		}
	}
	rig.Tell("drawing the questions")
	s.questions, s.res.rows, err = draw(ctx, s.days[0].Files[rig.TableActivity])
	return err
}

// loadAll loads day 0 into every system that the parts asked for need.
func (s *session) loadAll(ctx context.Context) error {
	var r loadResult
	var err error
	if err := s.settle(); err != nil {
		return err
	}
	rig.Tell("first load: annuaire")
	if r.report, r.ours, err = s.product.Sync(ctx, s.days[0].Dir); err != nil {
		return err
	}
	r.ours.Disk = rig.DiskUsage(s.product.Data)
	if s.only[partLoad] {
		if r.sqlite, err = s.peer("sqlite3", func() (rig.Cost, error) { return s.loadSQLite(ctx) }); err != nil {
			return errors.Join(ctx.Err(), err)
		}
	}
	if s.only[partLoad] || s.only[partSearch] {
		if r.postgres, err = s.peer("PostgreSQL", func() (rig.Cost, error) { return s.loadPostgres(ctx) }); err != nil {
			return errors.Join(ctx.Err(), err)
		}
		if s.pgWhy = r.postgres.Why; s.pgWhy != "" || !s.only[partSearch] {
			s.stopPostgres()
		}
	}
	if s.only[partLoad] {
		s.res.load = &r
	}
	return ctx.Err()
}

func (s *session) loadSQLite(ctx context.Context) (rig.Cost, error) {
	c, err := loadSQLite(ctx, s.dir, s.days[0], s.res.rows)
	return c, errors.Join(err, os.RemoveAll(filepath.Join(s.dir, "sqlite.db")))
}

func (s *session) loadPostgres(ctx context.Context) (_ rig.Cost, err error) {
	if s.pg, err = startCluster(ctx, s.dir); err != nil {
		return rig.Cost{}, err
	}
	return loadPostgres(ctx, s.pg, s.days[0], s.res.rows, s.pgNames)
}

// stopPostgres ends the cluster as soon as nothing more is asked of it: what follows is measured without it.
func (s *session) stopPostgres() {
	if s.pg != nil {
		s.pg.stop()
		s.pg = nil
	}
}

// peer measures another system. Its failure is a line of the table, not the end of the run.
func (s *session) peer(name string, load func() (rig.Cost, error)) (rig.Peer, error) {
	if s.skipPeers {
		return rig.Peer{Why: rig.Unmeasured("-skip-peers").Error()}, nil
	}
	if err := s.settle(); err != nil {
		return rig.Peer{}, err
	}
	rig.Tell("first load: %s", name)
	c, err := load()
	if err != nil {
		rig.Tell("%s: %v", name, err)
	}
	return rig.Peer{Cost: c, Why: rig.Why(name, err)}, nil
}

// settle puts every system in the same place before its load: files in the page cache, nothing left to write.
func (s *session) settle() error {
	syscall.Sync()
	return s.days[0].Warm()
}
