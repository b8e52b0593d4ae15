package directory

import (
	"context"
	"fmt"
	"sync"

	"annuaire/internal/store"
)

// CheckReport is what `annuaire check` found.
type CheckReport struct {
	People     int      `json:"people"`
	Structures int      `json:"structures"`
	Mailboxes  int      `json:"mailboxes"`
	Problems   int      `json:"problems"`
	Examples   []string `json:"examples,omitempty"` // at most maxExamples
}

// maxExamples is how many problems are told; all are counted.
const maxExamples = 20

func (c *CheckReport) problem(format string, args ...any) {
	if c.Problems++; len(c.Examples) < maxExamples {
		c.Examples = append(c.Examples, fmt.Sprintf(format, args...))
	}
}

// add takes in what was found elsewhere.
func (c *CheckReport) add(other *CheckReport) {
	c.People, c.Structures, c.Mailboxes = c.People+other.People, c.Structures+other.Structures, c.Mailboxes+other.Mailboxes
	c.Problems += other.Problems
	c.Examples = append(c.Examples, other.Examples[:min(len(other.Examples), maxExamples-len(c.Examples))]...)
}

// Check verifies, record by record, that what is indexed is what is stored, that every record is what its print says, that registered boxes
// are shown as they must be, and that the views stand where the ledger does. Registrations go on meanwhile, and are shown afterwards.
// CodeUnavailable when nothing is loaded.
func (d *Directory) Check(ctx context.Context) (rep CheckReport, err error) {
	g, release, err := d.hold()
	if err != nil {
		return rep, err
	}
	defer release()
	err = d.unmoved(g, func(r store.Reader, tx *store.Tx) error {
		if err := d.checkSequences(g, tx, &rep); err != nil {
			return err
		}
		if err := checkRecords(ctx, g, &rep); err != nil {
			return err
		}
		return checkOverlay(ctx, g, r, tx, &rep)
	})
	return rep, err
}

// unmoved calls fn with ledger and records of one moment, and keeps the views from moving on until it returns.
func (d *Directory) unmoved(g *Generation, fn func(store.Reader, *store.Tx) error) error {
	d.commit.Lock()
	goOn := sync.OnceFunc(d.commit.Unlock)
	defer goOn()
	if d.behind.busy() { // what was registered just now; views that cannot follow are what is to be reported
		_ = g.CatchUp(d.Ledger, nil)
	}
	g.views.Lock()
	defer g.views.Unlock()
	return g.Store.Read(func(r store.Reader) error {
		return d.Ledger.View(func(tx *store.Tx) error {
			goOn()
			return fn(r, tx)
		})
	})
}

func (d *Directory) checkSequences(g *Generation, tx *store.Tx, rep *CheckReport) error {
	head, name := tx.Head(), tx.Generation()
	if name != g.Name {
		rep.problem("the ledger names generation %s, %s is in use", name, g.Name)
	}
	for view, seq := range map[string]func() (uint64, error){"directory.db": g.Store.Seq, "people": g.People.Seq, "places": g.Places.Seq, "book": g.Book.Seq} {
		if n, err := seq(); err != nil {
			return err
		} else if n != head {
			rep.problem("%s stands at sequence %d, the ledger at %d", view, n, head)
		}
	}
	return nil
}
