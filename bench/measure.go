package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// session is a run under way.
type session struct {
	options
	dir       string // for everything that goes away at the end
	product   product
	days      [2]extract
	questions [][]instance
	pg        *cluster // nil: not measured, pgWhy says why
	pgWhy     string
	res       *results
}

// tell says what is going on, on standard error: the figures alone go to standard output.
func tell(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
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
	s := &session{options: o, dir: dir, res: &results{options: o, machine: thisMachine(ctx), when: time.Now().UTC()}}
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
	tell("building annuaire")
	if s.product, err = build(ctx, s.dir); err != nil {
		return err
	}
	for day := range s.days {
		if day > 0 && !s.only[partDelta] {
			break
		}
		tell("extracts of day %d, %d people", day, s.people)
		if s.days[day], err = ensureExtract(ctx, s.out, s.people, day); err != nil {
			return err
		}
	}
	tell("drawing the questions")
	s.questions, s.res.rows, err = draw(ctx, s.days[0].files[tableActivity])
	return err
}

// loadAll loads day 0 into every system that the parts asked for need.
func (s *session) loadAll(ctx context.Context) error {
	var r loadResult
	var err error
	if err := s.settle(); err != nil {
		return err
	}
	tell("first load: annuaire")
	if r.report, r.ours, err = s.product.sync(ctx, s.days[0].dir); err != nil {
		return err
	}
	r.ours.disk = diskUsage(s.product.data)
	if s.only[partLoad] {
		if r.sqlite, err = s.peer("sqlite3", func() (cost, error) { return s.loadSQLite(ctx) }); err != nil {
			return errors.Join(ctx.Err(), err)
		}
	}
	if s.only[partLoad] || s.only[partSearch] {
		if r.postgres, err = s.peer("PostgreSQL", func() (cost, error) { return s.loadPostgres(ctx) }); err != nil {
			return errors.Join(ctx.Err(), err)
		}
		if s.pgWhy = r.postgres.why; s.pgWhy != "" || !s.only[partSearch] {
			s.stopPostgres()
		}
	}
	if s.only[partLoad] {
		s.res.load = &r
	}
	return ctx.Err()
}

func (s *session) loadSQLite(ctx context.Context) (cost, error) {
	c, err := loadSQLite(ctx, s.dir, s.days[0], s.res.rows)
	return c, errors.Join(err, os.RemoveAll(filepath.Join(s.dir, "sqlite.db")))
}

func (s *session) loadPostgres(ctx context.Context) (_ cost, err error) {
	if s.pg, err = startCluster(ctx, s.dir); err != nil {
		return cost{}, err
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
func (s *session) peer(name string, load func() (cost, error)) (peer, error) {
	if s.skipPeers {
		return peer{why: unmeasured("-skip-peers").Error()}, nil
	}
	if err := s.settle(); err != nil {
		return peer{}, err
	}
	tell("first load: %s", name)
	c, err := load()
	if err != nil {
		tell("%s: %v", name, err)
	}
	return peer{c, why(name, err)}, nil
}

// settle puts every system in the same place before its load: files in the page cache, nothing left to write.
func (s *session) settle() error {
	syscall.Sync()
	return s.days[0].warm()
}
