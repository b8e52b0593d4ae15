package run

import (
	"context"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"annuaire/internal/pipeline"
	"annuaire/sync/diff"
	"annuaire/sync/extract"
	"annuaire/sync/model"
)

// scanned is what the first pass leaves of the files.
type scanned struct {
	people [3][]diff.Row // Personne_activite, SavoirFaire, Dipl_AutExerc, by person
	sites  []diff.Row    // Personne_activite again, by structure; Hash is that of the structure's columns
	member []member      // who practises where
	boxes  []diff.Row    // Correspondance_MSSante, by address
	owners []owner       // who holds which box, in the order of the file
	stats  map[extract.Kind]extract.Stats
}

// member ties a person to a structure.
type member struct{ site, person uint64 }

// owner ties a person to a mailbox at a place of the file.
type owner struct{ person, pos, box uint64 }

// scan passes over every file.
func (s *session) scan(ctx context.Context) (*scanned, error) {
	defer pipeline.Work()()
	out := &scanned{stats: map[extract.Kind]extract.Stats{}}
	for i, kind := range extract.PeopleKinds() {
		if err := s.scanPeople(ctx, kind, &out.people[i], out); err != nil {
			return nil, err
		}
	}
	if s.tables[extract.Mailboxes] != nil {
		if err := s.scanBoxes(ctx, out); err != nil {
			return nil, err
		}
	}
	return out, out.sort(ctx)
}

// part is what one goroutine of a scan gathers.
type part struct {
	rows, sites pile[diff.Row]
	member      pile[member]
	owners      pile[owner]
}

// parts are those of all goroutines.
type parts []part

// gathered puts together what they gathered of one kind.
func gathered[T any](ps parts, of func(*part) *pile[T]) []T {
	piles := make([]*pile[T], len(ps))
	for i := range ps {
		piles[i] = of(&ps[i])
	}
	return joined(piles...)
}

func (ps parts) rows() []diff.Row {
	return gathered(ps, func(p *part) *pile[diff.Row] { return &p.rows })
}

func (s *session) scanPeople(ctx context.Context, kind extract.Kind, into *[]diff.Row, out *scanned) error {
	parts, stats, err := s.scanFile(ctx, kind, func(p *part, r *extract.Row) {
		person := r.Key()
		pos := diff.At(r.Offset, r.Len)
		p.rows.add(diff.Row{Key: person, Hash: r.Hash(), Pos: pos})
		if kind != extract.Activities {
			return
		}
		if site, ok := model.SiteKey(r); ok {
			p.sites.add(diff.Row{Key: site, Hash: model.SiteHash(r), Pos: pos})
			p.member.add(member{site, person})
		}
	})
	out.stats[kind] = stats
	*into = parts.rows()
	if kind == extract.Activities {
		out.sites = gathered(parts, func(p *part) *pile[diff.Row] { return &p.sites })
		out.member = gathered(parts, func(p *part) *pile[member] { return &p.member })
	}
	return err
}

func (s *session) scanBoxes(ctx context.Context, out *scanned) error {
	parts, stats, err := s.scanFile(ctx, extract.Mailboxes, func(p *part, r *extract.Row) {
		box, pos := r.AddressHash(), diff.At(r.Offset, r.Len)
		p.rows.add(diff.Row{Key: box, Hash: r.Hash(), Pos: pos})
		if person := r.Key(); person != 0 {
			p.owners.add(owner{person, pos, box})
		}
	})
	out.stats[extract.Mailboxes] = stats
	out.boxes = parts.rows()
	out.owners = gathered(parts, func(p *part) *pile[owner] { return &p.owners })
	return err
}

func (s *session) scanFile(ctx context.Context, kind extract.Kind, keep func(*part, *extract.Row)) (parts, extract.Stats, error) {
	ps := make(parts, s.workers)
	stats, err := s.tables[kind].Scan(ctx, s.workers, func(worker int, r *extract.Row) error {
		keep(&ps[worker], r)
		return nil
	})
	return ps, stats, err
}

// sort puts everything in the order the comparison walks it, on two cores.
func (out *scanned) sort(ctx context.Context) error {
	jobs := []func(){
		func() { diff.Sort(out.people[0]) },
		func() { diff.Sort(out.sites) },
		func() { diff.Sort(out.people[2]) },
		func() { diff.Sort(out.people[1]) },
		func() { diff.Sort(out.boxes) },
		func() { slices.SortFunc(out.owners, compareOwners) },
	}
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range 2 {
		g.Go(func() error {
			for i := next.Add(1) - 1; int(i) < len(jobs) && ctx.Err() == nil; i = next.Add(1) - 1 {
				jobs[i]()
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}
