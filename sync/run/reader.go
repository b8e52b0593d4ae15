package run

import (
	"fmt"

	"annuaire"
	"annuaire/sync/diff"
	"annuaire/sync/extract"
	"annuaire/sync/model"
)

// reader reads chosen rows again. One per goroutine.
type reader struct {
	s     *session
	sites *sites
	row   extract.Row
	rows  model.Rows // room for those of one person
}

// at reads a row that the scan placed. That it is still the one it saw is for the caller to check, by its hash.
func (r *reader) at(kind extract.Kind, row diff.Row) (*extract.Row, error) {
	off, n := diff.Span(row.Pos)
	err := r.s.tables[kind].ReadRow(off, n, &r.row)
	if err != nil {
		return nil, r.changed(kind, err)
	}
	return &r.row, nil
}

func (r *reader) changed(kind extract.Kind, err error) error {
	return &annuaire.InputError{Err: annuaire.Errorf(annuaire.CodeInvalid, kind.String(),
		"le fichier a changé pendant la lecture ; relancez la synchronisation",
		"the file changed while it was read; run the sync again", err)}
}

// distinct calls fn with each distinct row of a sorted group.
func (r *reader) distinct(kind extract.Kind, group []diff.Row, fn func(*extract.Row) error) error {
	for i, row := range group {
		if i > 0 && group[i-1].Hash == row.Hash {
			continue
		}
		got, err := r.at(kind, row)
		if err != nil {
			return err
		}
		if got.Hash() != row.Hash {
			return r.changed(kind, fmt.Errorf("row at offset %d", row.Pos>>20))
		}
		if err := fn(got); err != nil {
			return err
		}
	}
	return nil
}

// site returns the structure as a row placed by the scan of structures states it.
func (r *reader) site(row diff.Row) (*annuaire.Structure, error) {
	got, err := r.at(extract.Activities, row)
	if err != nil {
		return nil, err
	}
	st := model.StructureOf(got)
	if st == nil || model.SiteHash(got) != row.Hash {
		return nil, r.changed(extract.Activities, fmt.Errorf("row at offset %d", row.Pos>>20))
	}
	return st, nil
}

// person builds the professional that a group of rows describes.
func (r *reader) person(g diff.Group) (annuaire.Professional, error) {
	rows := &r.rows
	rows.Activities, rows.Sites, rows.Skills, rows.Diplomas = rows.Activities[:0], rows.Sites[:0], rows.Skills[:0], rows.Diplomas[:0]
	err := r.distinct(extract.Activities, g.Files[0], func(row *extract.Row) error {
		rows.Activities = append(rows.Activities, row.Activity())
		site, err := r.sites.of(row, &rows.Activities[len(rows.Activities)-1])
		rows.Sites = append(rows.Sites, site)
		return err
	})
	if err == nil {
		err = r.distinct(extract.Skills, g.Files[1], func(row *extract.Row) error {
			rows.Skills = append(rows.Skills, row.Skill())
			return nil
		})
	}
	if err == nil {
		err = r.distinct(extract.Diplomas, g.Files[2], func(row *extract.Row) error {
			rows.Diplomas = append(rows.Diplomas, row.Diploma())
			return nil
		})
	}
	if err != nil {
		return annuaire.Professional{}, err
	}
	return model.Person(extract.IDOf(g.Key), *rows), nil
}

// mailbox builds the box that a group of rows describes.
func (r *reader) mailbox(group []diff.Row, rank int) (annuaire.Mailbox, error) {
	var rows []extract.MailboxRow
	err := r.distinct(extract.Mailboxes, group, func(row *extract.Row) error {
		m := row.Mailbox()
		if len(rows) > 0 && rows[0].Address != m.Address {
			return fmt.Errorf("two mailbox addresses share a hash")
		}
		rows = append(rows, m)
		return nil
	})
	if err != nil {
		return annuaire.Mailbox{}, err
	}
	return model.Mailbox(rows, rank), nil
}
