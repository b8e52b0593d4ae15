package dispatch

import (
	"context"
	"errors"

	"annuaire"
	"annuaire/internal/store"
)

// Pause stops the sending; what is in flight still arrives.
func (d *Desk) Pause(_ context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder) (annuaire.Alert, error) {
	why, err := reasonOf(o)
	if err != nil {
		return annuaire.Alert{}, err
	}
	a, err := d.take(who, stepPause, id, 0, why, nil)
	if err == nil {
		d.sender.pause(id, true)
	}
	return a, err
}

// Resume goes on with the sending.
func (d *Desk) Resume(_ context.Context, who annuaire.Caller, id string) (annuaire.Alert, error) {
	if err := allowed(who, stepResume); err != nil {
		return annuaire.Alert{}, err
	}
	if err := d.mayWrite(); err != nil {
		return annuaire.Alert{}, err
	}
	a, err := d.take(who, stepResume, id, 0, "", func(_ *store.Tx, a *annuaire.Alert) error {
		if a.Started.IsZero() {
			a.Started = d.now()
		}
		a.Problem = ""
		f, err := d.file(id) // lost: there is nobody to write to
		if err == nil && f.Meta.Hash != a.Frozen.Hash {
			err = conflict("list_changed", "resume", "la liste des destinataires n'est pas celle qui a été approuvée.", "the list of recipients is not the one that was approved.")
		}
		return errors.Join(err, timely(a.AlertDraft, d.now()))
	})
	if err == nil {
		d.launch(id)
		d.sender.pause(id, false)
	}
	return a, err
}

// Cancel ends an alert for good: who has not received it does not any more. What was sent is taken back by an alert of kind cancel.
func (d *Desk) Cancel(_ context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder) (annuaire.Alert, error) {
	why, err := reasonNeeded(o)
	if err != nil {
		return annuaire.Alert{}, err
	}
	a, err := d.take(who, stepCancel, id, 0, why, nil)
	if err == nil {
		d.sender.set(id, func(r *sending) { r.cancelled = true })
	}
	return a, err
}
