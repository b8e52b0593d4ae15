package backup

import (
	"context"
	"errors"
	"slices"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// perChange is how many boxes are written in one transaction.
const perChange = 500

// wish is what must be of a box in what is restored; was is nil where that does not have it.
type wish struct{ was, is *annuaire.Registered }

// keepHidden hides, in what is restored, what was hidden since the backup: boxes on the red list and numbers that were opposed to. What the backup
// hides stays hidden too, whatever was lifted since.
func (r replaced) keepHidden(ctx context.Context, d *directory.Directory) error {
	all, err := r.wishes(d.Ledger)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(all, perChange) {
		seq, err := d.Change(func(s *overlay.State) error {
			for _, w := range part {
				if err := errors.Join(s.Put(w.is.Address, w.is, w.is.Changed), note(s.Tx, w)); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = d.Visible(ctx, seq)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keepHiddenIn is keepHidden where nothing can be read: the load of the next sync shows what the ledger says then.
func (r replaced) keepHiddenIn(to *store.Ledger) error {
	all, err := r.wishes(to)
	if err != nil || len(all) == 0 {
		return err
	}
	return to.Update(func(tx *store.Tx) error {
		for _, w := range all {
			err := errors.Join(overlay.Keep(tx, w.is.Address, w.was, w.is), note(tx, w))
			if w.is.RedListed() { // the feed needs nothing but the log
				err = errors.Join(err, tx.Withdraw(annuaire.KindMailbox, w.is.Address))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func note(tx *store.Tx, w wish) error {
	e := annuaire.AuditEvent{Who: "restore", From: "local", What: "mailbox.hide", Target: w.is.Address, Why: "hidden since the backup", After: w.is}
	if w.was != nil {
		e.Before = w.was
	}
	return errors.Join(tx.Audit(e), overlay.Note(tx, w.is.Address, annuaire.BoxEvent{Time: w.is.Changed, What: "change", By: "restore"}))
}

// wishes lists the boxes that the old ledger hides, in whole or in part, and the one restored does not.
func (r replaced) wishes(to *store.Ledger) (out []wish, err error) {
	if r.ledger == nil {
		return nil, nil
	}
	now := time.Now().UTC().Truncate(time.Second)
	err = r.ledger.View(func(from *store.Tx) error {
		return to.View(func(tx *store.Tx) error {
			return overlay.Boxes.Each(from, "", "", func(address string, old annuaire.Registered) (bool, error) {
				if !old.RedListed() && !old.PhoneHidden() {
					return true, nil
				}
				was, there, err := overlay.Boxes.Get(tx, address)
				if err != nil {
					return false, err
				}
				if !there {
					if old.RedListed() { // it is not there, but the extract may have it
						out = append(out, wish{nil, &old})
					}
					return true, nil
				}
				is := was
				is.RedListOperator = was.RedListOperator || old.RedListOperator
				is.RedListHolder = was.RedListHolder || old.RedListHolder
				is.PhoneOpposed = was.PhoneOpposed || old.PhoneOpposed
				is.PhoneOpposedHolder = was.PhoneOpposedHolder || old.PhoneOpposedHolder
				if is != was {
					is.Changed, is.Version = now, max(was.Version, old.Version)+1
					out = append(out, wish{&was, &is})
				}
				return true, nil
			})
		})
	})
	return out, err
}
