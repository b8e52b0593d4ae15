package run

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/directory"
	"annuaire/sync/diff"
)

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
		return pack(st.ID, st, k.print(g), s.source(annuaire.KindStructure)), nil
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
		o := pack(box.Address, &box, k.print(g), s.source(annuaire.KindMailbox))
		o.people = box.Owners
		return boxed{o, g.Key, covered}, nil
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
		return pack(p.ID, &p, k.print(g), s.source(annuaire.KindPerson)), nil
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
