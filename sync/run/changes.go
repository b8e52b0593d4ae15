package run

import (
	"annuaire"
	"annuaire/internal/store"
)

// changes is what a comparison found.
type changes struct {
	entries []store.Entry
	prints  map[annuaire.Kind]map[string]store.Print // of records that say the same from other rows
	report  *store.Run
}

func newChanges(report *store.Run) *changes {
	return &changes{report: report, prints: map[annuaire.Kind]map[string]store.Print{
		annuaire.KindPerson: {}, annuaire.KindStructure: {}, annuaire.KindMailbox: {}}}
}

func countsOf(run *store.Run, kind annuaire.Kind) *annuaire.Counts {
	switch kind {
	case annuaire.KindPerson:
		return &run.People
	case annuaire.KindStructure:
		return &run.Structures
	default:
		return &run.Mailboxes
	}
}

// record notes what became of a record that was built again; known says whether it was there, old its print.
func (c *changes) record(kind annuaire.Kind, b built, known bool, old store.Print) {
	op := annuaire.Created
	if known {
		if op = annuaire.Changed; old.Content == b.print.Content {
			if old != b.print {
				c.prints[kind][b.id] = b.print
			}
			return
		}
	}
	c.add(store.Entry{Kind: kind, Op: op, ID: b.id, Record: b.packed, Print: b.print, People: b.people})
}

func (c *changes) add(e store.Entry) {
	countsOf(c.report, e.Kind).Add(e.Op)
	e.Run, e.Time = c.report.ID, c.report.Extract
	c.entries = append(c.entries, e)
}

// built is a record made from rows, in stored form.
type built struct {
	id     string
	packed []byte
	print  store.Print
	people []string // of a mailbox: its holders
}

func pack[T store.Record](id string, rec *T, rows uint64, src annuaire.Source) built {
	body, hash := store.Body(rec)
	return built{id: id, packed: store.Pack(body, src), print: store.Print{Rows: rows, Content: hash}}
}
