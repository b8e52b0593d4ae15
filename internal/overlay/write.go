package overlay

import (
	"errors"

	"annuaire"
	"annuaire/internal/store"
)

// Write makes the registry follow the run.
func (p *Plan) Write(tx *store.Tx) error {
	if p.anew {
		if err := Under.Clear(tx); err != nil {
			return err
		}
	}
	for address, c := range p.national {
		var err error
		if c == nil {
			err = Under.Delete(tx, address)
		} else {
			err = Under.Put(tx, address, *c)
		}
		if err != nil {
			return err
		}
	}
	for _, address := range p.hidden {
		if err := tx.Withdraw(annuaire.KindMailbox, address); err != nil {
			return err
		}
	}
	for _, t := range p.boxes {
		what := "return"
		if !t.is.Orphaned.IsZero() {
			what = "orphan"
		}
		err := errors.Join(Boxes.Put(tx, t.is.Address, t.is), Note(tx, t.is.Address, annuaire.BoxEvent{Time: t.is.Changed, What: what, By: "sync"}),
			tx.Audit(annuaire.AuditEvent{Who: "sync", From: "local", What: "mailbox." + what, Target: t.is.Address, Before: t.was, After: t.is}))
		if err != nil {
			return err
		}
	}
	return nil
}

// Counts is what readers see of a run, by kind of change of mailboxes.
func (p *Plan) Counts() (c annuaire.Counts) {
	for _, e := range p.Entries {
		if e.Kind == annuaire.KindMailbox {
			c.Add(e.Op)
		}
	}
	return c
}
