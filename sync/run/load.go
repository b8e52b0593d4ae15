package run

import (
	"context"
	"errors"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"annuaire"
	"annuaire/internal/pipeline"
	"annuaire/internal/store"
	"annuaire/sync/diff"
)

// load builds a first generation from the rows. It is one entry of the log, whatever the number of records.
func (s *session) load(ctx context.Context, rows *scanned) (err error) {
	s.report.Outcome = store.OutcomeLoaded
	if s.DryRun {
		s.report.Outcome = store.OutcomeDryRun
		return s.countAll(rows)
	}
	defer roomy()()
	s.digests()
	if err := s.enter(StageApply); err != nil {
		return err
	}
	b, err := s.d.Build(s.report.ID)
	if err != nil {
		return err
	}
	var puts errgroup.Group // records of a kind go into the store, in order of their ids, while those of the next are built
	puts.SetLimit(1)
	published := false
	defer func() {
		if !published {
			_ = puts.Wait() // its error is known, or something else went wrong first
			err = errors.Join(err, b.Abandon())
		}
	}()
	x := newSites(s, rows.sites)
	if err := s.loadStructures(ctx, b, rows, x, &puts); err != nil {
		return s.input(err)
	}
	held, err := s.loadMailboxes(ctx, b, rows, x, &puts)
	if err != nil {
		return s.input(err)
	}
	if err := b.Places.Flush(); err != nil { // the people need the memory
		return err
	}
	before := sync.OnceValue(puts.Wait)
	if err := s.loadPeople(ctx, b, rows, x, held, before); err != nil {
		return s.input(err)
	}
	if err := errors.Join(before(), ctx.Err()); err != nil {
		return err
	}
	published = true // from here on, Publish cleans up after itself
	s.report.Generation = s.report.ID
	entry := store.Entry{Kind: annuaire.KindLoad, Op: annuaire.Created, ID: s.report.ID, Run: s.report.ID, Time: s.report.Extract}
	return s.publish(ctx, b, []store.Entry{entry})
}

// countAll reports what a first load would bring, without building it.
func (s *session) countAll(rows *scanned) error {
	for range diff.Groups(rows.sites) {
		s.report.Structures.Created++
	}
	for range diff.Groups(rows.boxes) {
		s.report.Mailboxes.Created++
	}
	for range s.known(diff.Groups(rows.people[:]...)) {
		s.report.People.Created++
	}
	return nil
}

// buildAll builds every record of a kind on all cores; each gets them as they are built, in order.
func buildAll[R any](ctx context.Context, s *session, groups func(func(diff.Group) bool), x *sites,
	build func(*reader, diff.Group) (R, error), each func(R) error) error {
	copied := func(yield func(diff.Group) bool) {
		for g := range groups {
			if !yield(diff.Group{Key: g.Key, Files: slices.Clone(g.Files)}) {
				return
			}
		}
	}
	readers := s.readers(x)
	return pipeline.Ordered(ctx, s.workers, pipeline.Chunks(copied, perJob), func(w int, part []diff.Group) ([]R, error) {
		out := make([]R, len(part))
		for i, g := range part {
			var err error
			if out[i], err = build(&readers[w], g); err != nil {
				return nil, err
			}
		}
		return out, nil
	}, func(part []R) error {
		for _, r := range part {
			if err := each(r); err != nil {
				return err
			}
		}
		return nil
	})
}
