package directory

import (
	"context"
	"fmt"
	"sync"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/store"
)

// CheckReport is what `annuaire check` found.
type CheckReport struct {
	People     int      `json:"people"`
	Structures int      `json:"structures"`
	Mailboxes  int      `json:"mailboxes"`
	Problems   int      `json:"problems"`
	Examples   []string `json:"examples,omitempty"` // at most 20
}

func (c *CheckReport) problem(format string, args ...any) {
	if c.Problems++; len(c.Examples) < 20 {
		c.Examples = append(c.Examples, fmt.Sprintf(format, args...))
	}
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
		people, err := checkPeople(ctx, r, &rep)
		if err != nil {
			return err
		}
		if err := compare(ctx, "person", people, g.People.EachFingerprint, &rep); err != nil {
			return err
		}
		places, cards, err := checkPlaces(ctx, r, &rep)
		if err != nil {
			return err
		}
		if err := compare(ctx, "place", places, g.Places.EachFingerprint, &rep); err != nil {
			return err
		}
		if err := compare(ctx, "card of", cards, g.Book.EachFingerprint, &rep); err != nil {
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

func checkPeople(ctx context.Context, r store.Reader, rep *CheckReport) (map[string]uint64, error) {
	want := map[string]uint64{}
	err := r.EachPerson(func(p annuaire.Professional) error {
		rep.People++
		boxes, err := r.MailboxesOf(p.ID)
		if err != nil {
			return err
		}
		want[p.ID] = index.Fingerprint(index.PersonDoc{Person: &p, Mailboxes: boxes})
		return checkPrint(r, annuaire.KindPerson, p.ID, p, rep, ctx)
	})
	return want, err
}

func checkPlaces(ctx context.Context, r store.Reader, rep *CheckReport) (want, cards map[string]uint64, err error) {
	want, cards = map[string]uint64{}, map[string]uint64{}
	err = r.EachStructure(func(s annuaire.Structure) error {
		rep.Structures++
		want[index.StructureKey(s.ID)] = index.StructureFingerprint(s)
		return checkPrint(r, annuaire.KindStructure, s.ID, s, rep, ctx)
	})
	if err != nil {
		return nil, nil, err
	}
	err = r.EachMailbox(func(m annuaire.Mailbox) error {
		rep.Mailboxes++
		want[index.MailboxKey(m.Address)] = index.MailboxFingerprint(m)
		if err := checkPrint(r, annuaire.KindMailbox, m.Address, m, rep, ctx); err != nil {
			return err
		}
		c, err := cardOf(r, &m)
		cards[m.Address] = index.CardFingerprint(c)
		return err
	})
	return want, cards, err
}

func checkPrint[T store.Record](r store.Reader, kind annuaire.Kind, id string, rec T, rep *CheckReport, ctx context.Context) error {
	_, digest, err := store.Body(&rec)
	if err != nil {
		return err
	}
	if p, ok := r.Print(kind, id); !ok || p.Content != digest {
		rep.problem("%s %s: its print does not match its record", kind, id)
	}
	return ctx.Err()
}

// compare empties want against what the index holds.
func compare(ctx context.Context, kind string, want map[string]uint64, each func(func(string, uint64) error) error, rep *CheckReport) error {
	err := each(func(id string, fp uint64) error {
		if w, ok := want[id]; !ok {
			rep.problem("%s %s: indexed, not stored (or indexed twice)", kind, id)
		} else if w != fp {
			rep.problem("%s %s: indexed otherwise than stored", kind, id)
		}
		delete(want, id)
		return ctx.Err()
	})
	for id := range want {
		rep.problem("%s %s: stored, not indexed", kind, id)
	}
	return err
}
