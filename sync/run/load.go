package run

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/directory"
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
	published := false
	defer func() {
		if !published {
			err = errors.Join(err, b.Abandon())
		}
	}()
	x := newSites(s, rows.sites)
	if err := s.loadStructures(ctx, b, rows, x); err != nil {
		return s.input(err)
	}
	held, err := s.loadMailboxes(ctx, b, rows, x)
	if err != nil {
		return s.input(err)
	}
	if err := b.Places.Flush(); err != nil { // the people need the memory
		return err
	}
	if err := s.loadPeople(ctx, b, rows, x, held); err != nil {
		return s.input(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	published = true // from here on, Publish cleans up after itself
	s.report.Generation = s.report.ID
	entry := store.Entry{Kind: store.KindLoad, Op: annuaire.Created, ID: s.report.ID, Run: s.report.ID, Time: s.report.Extract}
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

func (s *session) loadStructures(ctx context.Context, b *directory.Building, rows *scanned, x *sites) error {
	k := s.structures(rows)
	var all []built
	err := buildAll(ctx, s, k.groups, x, func(r *reader, g diff.Group) (built, error) {
		st, err := r.sites.structure(r, g)
		if err != nil {
			return built{}, err
		}
		if err := b.Places.AddStructure(*st); err != nil {
			return built{}, err
		}
		return pack(st.ID, st, k.print(g), s.source(annuaire.KindStructure))
	}, s.gather(&all, annuaire.KindStructure))
	if err != nil {
		return err
	}
	s.report.Structures.Created = len(all)
	sortByID(all)
	for _, o := range all {
		if err := b.Store.PutStructure(o.id, o.packed, o.print); err != nil {
			return err
		}
	}
	return nil
}

// loadMailboxes returns who holds what.
func (s *session) loadMailboxes(ctx context.Context, b *directory.Building, rows *scanned, x *sites) (*holdings, error) {
	held := &holdings{owners: rows.owners, boxes: map[uint64]heldBox{}}
	if s.sources.Mailboxes == nil {
		return held, nil
	}
	rank, k := ranks(rows.owners), s.mailboxes(rows)
	type boxed struct {
		built
		key     uint64
		covered bool // by the registry
	}
	var all []boxed
	err := buildAll(ctx, s, k.groups, x, func(r *reader, g diff.Group) (boxed, error) {
		box, err := r.mailbox(g.Files[0], rank[g.Key])
		if err != nil {
			return boxed{}, err
		}
		covered, err := b.Covers(box.Address)
		if err == nil && !covered {
			err = b.Places.AddMailbox(box)
		}
		if err != nil {
			return boxed{}, err
		}
		o, err := pack(box.Address, &box, k.print(g), s.source(annuaire.KindMailbox))
		o.people = box.Owners
		return boxed{o, g.Key, covered}, err
	}, func(o boxed) error {
		if o.covered {
			b.Cover(o.id, o.packed, o.print)
		} else {
			all = append(all, o)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.report.Mailboxes.Created = len(all)
	slices.SortFunc(all, func(a, b boxed) int { return cmp.Compare(a.id, b.id) })
	for _, o := range all {
		if err := b.Store.PutMailbox(annuaire.Mailbox{Address: o.id, Owners: o.people, Rank: rank[o.key]}, o.packed, o.print); err != nil {
			return nil, err
		}
		if len(o.people) > 0 {
			held.boxes[o.key] = heldBox{strings.Clone(o.id), rank[o.key]}
		}
	}
	return held, nil
}

func (s *session) loadPeople(ctx context.Context, b *directory.Building, rows *scanned, x *sites, held *holdings) error {
	k := s.people(rows, nil)
	n := int64(0)
	return buildAll(ctx, s, k.groups, x, func(r *reader, g diff.Group) (built, error) {
		p, err := r.person(g)
		if err != nil {
			return built{}, err
		}
		if err := b.People.Add(index.PersonDoc{Person: &p, Mailboxes: held.of(g.Key)}); err != nil {
			return built{}, err
		}
		return pack(p.ID, &p, k.print(g), s.source(annuaire.KindPerson))
	}, func(o built) error {
		s.report.People.Created++
		if n++; n%10_000 == 0 {
			s.Progress(Progress{Stage: StageBuild, Done: n, Unit: string(annuaire.KindPerson)})
		}
		return b.Store.PutPerson(o.id, o.packed, o.print)
	})
}

func (s *session) gather(into *[]built, kind annuaire.Kind) func(built) error {
	return func(o built) error {
		*into = append(*into, o)
		if n := int64(len(*into)); n%10_000 == 0 {
			s.Progress(Progress{Stage: StageBuild, Done: n, Unit: string(kind)})
		}
		return nil
	}
}

func sortByID(all []built) {
	slices.SortFunc(all, func(a, b built) int { return cmp.Compare(a.id, b.id) })
}
