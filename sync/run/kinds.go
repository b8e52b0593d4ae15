package run

import (
	"cmp"
	"iter"
	"slices"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/diff"
	"annuaire/sync/extract"
	"annuaire/sync/model"
)

// source is where the records of this run come from.
func (s *session) source(kind annuaire.Kind) annuaire.Source {
	at := s.report.Info.Extract
	if kind == annuaire.KindMailbox {
		at = s.report.Info.Mailboxes
	}
	return annuaire.Source{Extract: at, Run: s.report.ID}
}

func (s *session) structures(rows *scanned) comparison {
	return comparison{
		kind:   annuaire.KindStructure,
		groups: diff.Groups(rows.sites),
		print:  func(g diff.Group) uint64 { return diff.CountedPrint(diff.Variants(g.Files[0])) },
		force:  s.always,
		build: func(r *reader, g diff.Group, print uint64) (built, error) {
			st, err := r.sites.structure(r, g)
			if err != nil {
				return built{}, err
			}
			return pack(st.ID, st, print, s.source(annuaire.KindStructure)), nil
		},
	}
}

func (s *session) mailboxes(rows *scanned) comparison {
	rank := ranks(rows.owners)
	return comparison{
		kind:   annuaire.KindMailbox,
		groups: diff.Groups(rows.boxes),
		print: func(g diff.Group) uint64 { // the rank depends on where the rows of other boxes stand
			return diff.Print(g.Files[0], []diff.Row{{Hash: uint64(rank[g.Key])}})
		},
		force: s.always,
		build: func(r *reader, g diff.Group, print uint64) (built, error) {
			box, err := r.mailbox(g.Files[0], rank[g.Key])
			if err != nil {
				return built{}, err
			}
			b := pack(box.Address, &box, print, s.source(annuaire.KindMailbox))
			b.people = box.Owners
			return b, nil
		},
	}
}

// people compares the professionals; moved tells whose structure changed.
func (s *session) people(rows *scanned, moved map[uint64]bool) comparison {
	return comparison{
		kind:   annuaire.KindPerson,
		groups: s.known(diff.Groups(rows.people[:]...)),
		print:  func(g diff.Group) uint64 { return diff.Print(g.Files...) },
		force:  func(key uint64) bool { return moved[key] || s.always(key) },
		build: func(r *reader, g diff.Group, print uint64) (built, error) {
			p, err := r.person(g)
			if err != nil {
				return built{}, err
			}
			return pack(p.ID, &p, print, s.source(annuaire.KindPerson)), nil
		},
	}
}

// always is true when the rules that make records changed since the last load.
func (s *session) always(uint64) bool { return s.prev.Model != model.Version }

// known leaves out, and counts, the rows of people whom Personne_activite does not have.
func (s *session) known(groups iter.Seq[diff.Group]) iter.Seq[diff.Group] {
	return func(yield func(diff.Group) bool) {
		clear(s.report.Orphans)
		for g := range groups {
			if len(g.Files[0]) == 0 {
				s.report.Orphans[extract.Skills.String()] += int64(len(g.Files[1]))
				s.report.Orphans[extract.Diplomas.String()] += int64(len(g.Files[2]))
				continue
			}
			if !yield(g) {
				return
			}
		}
	}
}

// oldPeople walks the last load's people; their identifiers sort as their keys do.
func oldPeople(r directory.National) iter.Seq[diff.Old] {
	return func(yield func(diff.Old) bool) {
		c := r.Prints(annuaire.KindPerson)
		for id, p := c.First(); id != nil; id, p = c.Next() {
			key, _ := extract.KeyOf(string(id))
			if !yield(diff.Old{Key: key, Print: p.Rows, ID: string(id), Content: p.Content}) {
				return
			}
		}
	}
}

// oldStructures walks the last load's structures, by ascending key, which is a hash.
func oldStructures(r directory.National) iter.Seq[diff.Old] {
	var all []diff.Old
	c := r.Prints(annuaire.KindStructure)
	for id, p := c.First(); id != nil; id, p = c.Next() {
		all = append(all, hashed(string(id), p))
	}
	return byKey(all)
}

// oldMailboxes is oldStructures for the mailboxes of the extract, those that the registry covers too.
func oldMailboxes(r directory.National) (iter.Seq[diff.Old], error) {
	var all []diff.Old
	err := r.EachMailboxPrint(func(address string, p store.Print) error {
		all = append(all, hashed(address, p))
		return nil
	})
	return byKey(all), err
}

func hashed(id string, p store.Print) diff.Old {
	return diff.Old{Key: model.KeyOfID(id), Print: p.Rows, ID: id, Content: p.Content}
}

func byKey(all []diff.Old) iter.Seq[diff.Old] {
	slices.SortFunc(all, func(a, b diff.Old) int { return cmp.Compare(a.Key, b.Key) })
	return slices.Values(all)
}
