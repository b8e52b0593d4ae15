package run

import (
	"context"
	"slices"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/model"
)

// update compares the extract with the generation in use and applies the difference: in place when it is small, else in a
// generation built aside.
func (s *session) update(ctx context.Context, g *directory.Generation, rows *scanned) error {
	if err := s.enter(StageCompare); err != nil {
		return err
	}
	c := newChanges(&s.report)
	records := 0
	err := s.d.National(g, func(old directory.National) error {
		for _, kind := range []annuaire.Kind{annuaire.KindPerson, annuaire.KindStructure, annuaire.KindMailbox} {
			n, err := old.Count(kind)
			if err != nil {
				return err
			}
			records += n
		}
		return s.differences(ctx, old, rows, c)
	})
	if err != nil {
		return s.input(err)
	}
	if err := ctx.Err(); err != nil { // the last moment to turn back: what follows is carried through
		return err
	}
	s.digests()
	if err := s.gate(ctx, g, c.entries); err != nil {
		return err
	}
	switch {
	case s.DryRun:
		s.report.Outcome = store.OutcomeDryRun
		return nil
	case s.report.Gate.Closed && !s.approved():
		s.report.Outcome = store.OutcomeAwaiting
		return nil
	case len(c.entries) == 0:
		s.report.Outcome = store.OutcomeUnchanged
	}
	aside := s.aside(len(c.entries), records)
	if !aside && len(c.entries) > 0 {
		if err := s.enter(StageVerify); err != nil {
			return err
		}
		sure, err := s.vouched(ctx, g, c.entries)
		if err != nil {
			return err
		}
		aside = !sure // what cannot be told from the outside is asked of a generation that nobody reads yet
	}
	if err := s.enter(StageApply); err != nil {
		return err
	}
	if aside {
		s.report.Outcome = store.OutcomeLoaded
		return s.replace(ctx, g, c)
	}
	if len(c.entries) > 0 {
		s.report.Outcome = store.OutcomeApplied
	}
	s.Progress(Progress{Stage: StageApply, Total: int64(len(c.entries)), Unit: "records"})
	s.report.Generation = g.Name
	err = s.d.Apply(s.report, c.entries, c.prints)
	s.stage(StagePublish)
	return err
}

// large tells a delta that is cheaper and safer to build aside: more than a tenth of the records, and enough of them for a
// reader to notice.
func large(changed, records int) bool { return changed > 20_000 && changed > records/10 }

func (s *session) differences(ctx context.Context, old directory.National, rows *scanned, c *changes) error {
	x := newSites(s, rows.sites)
	sites := s.structures(rows)
	sites.olds = oldStructures(old)
	if err := s.compare(ctx, sites, x, c); err != nil {
		return err
	}
	moved, err := membersOf(rows.member, old, c.entries)
	if err != nil {
		return err
	}
	if s.sources.Mailboxes != nil {
		boxes := s.mailboxes(rows)
		if boxes.olds, err = oldMailboxes(old); err != nil {
			return err
		}
		from := len(c.entries)
		if err := s.compare(ctx, boxes, x, c); err != nil {
			return err
		}
		if err := formerHolders(old, c.entries[from:]); err != nil {
			return err
		}
	}
	people := s.people(rows, moved)
	people.olds = oldPeople(old)
	return s.compare(ctx, people, x, c)
}

// membersOf returns the keys of the people who practise at a structure that now shows otherwise. Those at a new one have rows
// that say so; a change of what only the structure itself shows is nothing to them.
func membersOf(members []member, old directory.National, entries []store.Entry) (map[uint64]bool, error) {
	sites, people := map[uint64]bool{}, map[uint64]bool{}
	for _, e := range entries {
		if e.Kind != annuaire.KindStructure || e.Op != annuaire.Changed {
			continue
		}
		was, _, err := old.Structure(e.ID)
		if err != nil {
			return nil, err
		}
		var is annuaire.Structure
		if err := store.Unpack(e.Record, &is); err != nil {
			return nil, err
		}
		if !model.ShownAlike(&was, &is) {
			sites[model.KeyOfID(e.ID)] = true
		}
	}
	if len(sites) == 0 {
		return people, nil
	}
	for _, m := range members {
		if sites[m.site] {
			people[m.person] = true
		}
	}
	return people, nil
}

// formerHolders adds to the entries about mailboxes those who held them until now.
func formerHolders(old directory.National, entries []store.Entry) error {
	for i := range entries {
		box, ok, err := old.Mailbox(entries[i].ID)
		if err != nil {
			return err
		}
		if ok {
			all := append(slices.Clone(entries[i].People), box.Owners...)
			slices.Sort(all)
			entries[i].People = slices.Compact(all)
		}
	}
	return nil
}
