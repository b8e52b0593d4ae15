package directory

import (
	"context"
	"errors"

	"annuaire"
	"annuaire/internal/store"
)

// errEnough ends a walk of the log.
var errEnough = errors.New("enough")

// Changes returns up to n changes after a sequence, oldest first. A GapError says that some after it are no longer kept, or that it is
// not of this log.
func (d *Directory) Changes(ctx context.Context, since uint64, n int) (out []annuaire.Change, err error) {
	err = d.Ledger.Since(since, func(e store.Entry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		c, err := changeOf(e)
		if err != nil {
			return err
		}
		if out = append(out, c); len(out) == n {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return out, err
	}
	w, err := d.Ledger.Window() // after reading: what was dropped meanwhile is seen too
	if err == nil && !w.Holds(since) {
		return nil, &annuaire.GapError{Restart: w.Head}
	}
	return out, err
}

func changeOf(e store.Entry) (annuaire.Change, error) {
	c := annuaire.Change{Seq: e.Seq, Run: e.Run, Time: e.Time, Kind: e.Kind, Op: e.Op, ID: e.ID}
	if e.Kind == annuaire.KindLoad {
		c.ID, c.Op = "", annuaire.Created
	}
	if e.Record == nil {
		return c, nil
	}
	var err error
	switch e.Kind {
	case annuaire.KindPerson:
		c.Person = new(annuaire.Professional)
		err = store.Unpack(e.Record, c.Person)
		labelPerson(c.Person)
	case annuaire.KindStructure:
		c.Structure = new(annuaire.Structure)
		err = store.Unpack(e.Record, c.Structure)
		labelStructure(c.Structure)
	case annuaire.KindMailbox:
		c.Mailbox = new(annuaire.Mailbox)
		err = store.Unpack(e.Record, c.Mailbox)
		labelMailbox(c.Mailbox)
	}
	return c, err
}

// History returns what became of a person, oldest first. Who came with the first load has that as first change, without a record: the
// log keeps what differs from it. CodeNotFound for someone never seen.
func (d *Directory) History(ctx context.Context, id string) ([]annuaire.Change, error) {
	nat, ok := annuaire.NationalID(id)
	if !ok {
		return nil, notFound("id")
	}
	entries, err := d.Ledger.History(annuaire.KindPerson, nat)
	if err != nil {
		return nil, err
	}
	var out []annuaire.Change
	for _, e := range entries {
		c, err := changeOf(e)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	if len(out) > 0 && out[0].Op == annuaire.Created {
		return out, nil
	}
	if len(out) == 0 { // nothing since the load: is it somebody?
		if _, err := d.Professional(ctx, nat); err != nil {
			return nil, err
		}
	}
	load, ok, err := d.Ledger.Load()
	if err != nil || !ok {
		return out, err
	}
	first := annuaire.Change{Seq: load.Seq, Run: load.Run, Time: load.Time, Kind: annuaire.KindPerson, Op: annuaire.Created, ID: nat}
	return append([]annuaire.Change{first}, out...), nil
}

// Committed returns a channel that is closed when the log has grown or another generation is in use.
func (d *Directory) Committed() <-chan struct{} {
	d.news.Lock()
	defer d.news.Unlock()
	if d.changed == nil {
		d.changed = make(chan struct{})
	}
	return d.changed
}

// announce tells those who wait for news.
func (d *Directory) announce() {
	d.news.Lock()
	defer d.news.Unlock()
	if d.changed != nil {
		close(d.changed)
		d.changed = nil
	}
}
