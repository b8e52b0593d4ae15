package run

import (
	"context"
	"iter"

	"annuaire"
	"annuaire/internal/pipeline"
	"annuaire/internal/store"
	"annuaire/sync/diff"
)

// comparison is one kind of record, in the extract and in the last load.
type comparison struct {
	kind   annuaire.Kind
	groups iter.Seq[diff.Group]    // of the extract, by ascending key
	print  func(diff.Group) uint64 // of their rows
	olds   iter.Seq[diff.Old]      // of the last load, by ascending key
	force  func(key uint64) bool   // build this one even if its rows are the same
	build  func(*reader, diff.Group, uint64) (built, error)
}

// candidate is a record to build, as its rows differ or it is new.
type candidate struct {
	group diff.Group
	rows  uint64
	old   diff.Old
	known bool
}

// compare finds what differs and notes it in c: first from prints alone, then by building the few that may.
func (s *session) compare(ctx context.Context, k comparison, x *sites, c *changes) error {
	var todo []candidate
	var cur diff.Group
	news := func(yield func(diff.New) bool) {
		for cur = range k.groups {
			if !yield(diff.New{Key: cur.Key, Print: k.print(cur)}) {
				return
			}
		}
	}
	for verdict, old := range diff.Compare(news, k.olds) {
		switch {
		case verdict == diff.Left:
			c.add(store.Entry{Kind: k.kind, Op: annuaire.Gone, ID: old.ID})
		case verdict != diff.Same || k.force(old.Key):
			group := diff.Group{Key: cur.Key, Files: append([][]diff.Row(nil), cur.Files...)}
			todo = append(todo, candidate{group, k.print(group), old, verdict != diff.Came})
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return s.rebuild(ctx, k, todo, x, c)
}

// perJob is how many records a goroutine builds at a time.
const perJob = 500

func (s *session) rebuild(ctx context.Context, k comparison, todo []candidate, x *sites, c *changes) error {
	jobs := func(yield func([]candidate) bool) {
		for rest := todo; len(rest) > 0; {
			n := min(perJob, len(rest))
			if !yield(rest[:n]) {
				return
			}
			rest = rest[n:]
		}
	}
	done := int64(0)
	readers := s.readers(x)
	return pipeline.Ordered(ctx, s.workers, jobs, func(w int, part []candidate) ([]built, error) {
		out := make([]built, len(part))
		for i, t := range part {
			var err error
			if out[i], err = k.build(&readers[w], t.group, t.rows); err != nil {
				return nil, err
			}
		}
		return out, nil
	}, func(part []built) error {
		for i, b := range part {
			t := todo[int(done)+i]
			c.record(k.kind, b, t.known, store.Print{Rows: t.old.Print, Content: t.old.Content})
		}
		done += int64(len(part))
		s.Progress(Progress{Stage: StageCompare, Done: done, Total: int64(len(todo)), Unit: string(k.kind)})
		return nil
	})
}

func (s *session) readers(x *sites) []reader {
	out := make([]reader, s.workers)
	for i := range out {
		out[i] = reader{s: s, sites: x}
	}
	return out
}
