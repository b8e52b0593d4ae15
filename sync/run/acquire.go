package run

import (
	"context"
	"errors"
	"os"

	"annuaire"
	"annuaire/internal/store"
	"annuaire/sync/diff"
	"annuaire/sync/extract"
)

// read scans the extracts of the first source that has good ones. The outcome says when there is nothing to go on with.
func (s *session) read(ctx context.Context) (*scanned, error) {
	from, err := s.origins()
	if err != nil {
		return nil, err
	}
	if s.prev, err = s.d.Info(); err != nil {
		return nil, err
	}
	var first error
	for i, o := range from {
		rows, err := s.readFrom(ctx, o)
		err = s.unseen(o, err)
		if err == nil && !s.stale || err != nil && !passable(err) {
			return rows, err
		}
		var input *annuaire.InputError
		if first == nil || !errors.As(first, &input) && errors.As(err, &input) {
			first = err
		}
		if i == len(from)-1 {
			break
		}
		if err != nil {
			s.warn("source %s: %v; the next one is asked", o.name, err)
		}
		if err := errors.Join(s.forget(err), s.reset()); err != nil {
			return nil, err
		}
	}
	if first == nil { // every source that answered has something older
		s.report.Outcome = store.OutcomeUnchanged
	}
	return nil, first
}

// passable tells the failures after which another source may have something better.
func passable(err error) bool {
	var input *annuaire.InputError
	return errors.As(err, &input) || annuaire.CodeOf(err) == annuaire.CodeUnavailable
}

// readFrom takes the files of a source, if they are new, and scans them.
func (s *session) readFrom(ctx context.Context, o origin) (*scanned, error) {
	s.stale = false
	s.attempt.Source = o.name
	if err := s.enter(StageAcquire); err != nil {
		return nil, err
	}
	paths, err := s.obtain(ctx, o)
	if err != nil || s.stale || s.report.Outcome != "" {
		return nil, err
	}
	if err := s.choose(paths); err != nil || s.report.Outcome != "" {
		return nil, err
	}
	if err := s.begin(); err != nil {
		return nil, err
	}
	s.note(ctx, paths)
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	if err := s.enter(StageScan); err != nil {
		return nil, err
	}
	rows, err := s.scan(ctx)
	if err == nil {
		err = s.judge(rows)
	}
	return rows, s.input(err)
}

// open prepares the files to be read.
func (s *session) open(ctx context.Context) (err error) {
	lim := extract.Limits{MaxLine: diff.MaxRow}
	if err := s.workspace(); err != nil {
		return err
	}
	if !s.DryRun {
		path := s.d.Path("rejects", s.report.ID+".ndjson")
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // of this run, from a source before or before its approval
			return err
		}
		s.rejects = extract.NewRejectFile(path)
		lim.Rejects = s.rejects
	}
	for _, f := range s.files() {
		kind := f.Kind
		lim.Progress = func(done, total, rows int64) {
			s.Progress(Progress{Stage: StageScan, Done: done, Total: total, Unit: "bytes", Rows: rows})
		}
		t, err := extract.Open(ctx, f, s.tmp, lim)
		if err != nil {
			return s.input(err)
		}
		s.tables[kind] = t
		for _, c := range t.Extra {
			s.warn("%s: unknown column %q ignored", kind, c)
		}
	}
	return nil
}

// workspace makes the folder of this run: incoming/run-*, or one outside the data directory that a dry run must not touch.
func (s *session) workspace() (err error) {
	switch {
	case s.tmp != "":
	case s.DryRun:
		s.tmp, err = os.MkdirTemp("", "annuaire-")
	default:
		s.tmp, err = os.MkdirTemp(s.d.Path("incoming"), "run-")
	}
	return err
}
