package dispatch

import (
	"context"
	"errors"
	"os"

	"annuaire"
	"annuaire/internal/alert/spool"
	"annuaire/internal/store"
)

// Run sends what is approved and takes up what a stop or a crash interrupted, until ctx ends.
func (d *Desk) Run(ctx context.Context) error {
	if err := d.recover(); err != nil {
		return err
	}
	return d.sender.Run(ctx)
}

// recover launches whatever is not settled.
func (d *Desk) recover() error {
	open, err := d.newest("", 1<<20, func(a annuaire.Alert) bool { return a.Frozen != nil && a.Anonymised.IsZero() && a.Final == nil })
	for _, a := range open {
		d.launch(a.ID)
	}
	return err
}

// launch hands an alert to the sender, in whatever state it is: approved, it begins; ended, what waits is settled. Without its list, or
// without anything to send with, it is paused for a person to look at.
func (d *Desk) launch(id string) {
	a, err := d.stored(id)
	if err != nil {
		d.o.Log.Error("an alert cannot be read", "alert", id, "error", err.Error())
		return
	}
	f, err := d.file(id)
	if err == nil && a.Frozen != nil && f.Meta.Hash != a.Frozen.Hash { // of another time: a backup was restored beside it
		err = errors.New("the list of recipients is not the one that was approved")
	}
	if err == nil && !a.State.Ended() {
		err = d.mayWrite()
	}
	if err != nil {
		d.halt(id, err)
		return
	}
	if a.State == annuaire.AlertApproved {
		if a, err = d.take(service, stepStart, id, 0, "", func(_ *store.Tx, a *annuaire.Alert) error {
			a.Started = d.now()
			return nil
		}); err != nil { // paused or cancelled meanwhile: whoever did that goes on from there
			d.o.Log.Info("an approved alert was not started", "alert", id, "rule", annuaire.RuleOf(err))
			return
		}
	}
	t := d.o.compose(a, false, a.Approved)
	r := &sending{id: id, rank: rank(a.Severity), approved: a.Approved, expires: a.Expires, s: d.sender, file: f, kick: make(chan struct{}, 1),
		paused: a.State == annuaire.AlertPaused, cancelled: a.State == annuaire.AlertCancelled,
		message: func(n uint32, rec spool.Recipient) message {
			return message{t: t, from: d.o.From, to: rec.Address, id: d.sign.messageID(id, n, ""), link: d.link(id, n)}
		},
		ended:  func(expired bool) { d.ended(id, expired) },
		broken: func(err error) { d.halt(id, err) },
	}
	d.sender.add(r)
}

// halt pauses an alert that cannot go on by itself, and says why.
func (d *Desk) halt(id string, cause error) {
	d.sender.pause(id, true)
	d.o.Log.Error("an alert is paused: it cannot be sent", "alert", id, "error", cause.Error())
	_, err := d.take(service, stepHalt, id, 0, "", func(_ *store.Tx, a *annuaire.Alert) error {
		a.Problem = cause.Error()
		return nil
	})
	if err != nil && annuaire.RuleOf(err) != "wrong_state" { // paused or ended already
		d.o.Log.Error("an alert could not be paused", "alert", id, "error", err.Error())
	}
}

// ended records that nothing is left to send, with the counts of that moment.
func (d *Desk) ended(id string, some bool) {
	s := stepFinish
	if some {
		s = stepExpire
	}
	_, err := d.take(service, s, id, 0, "", nil)
	if err == nil || annuaire.RuleOf(err) == "wrong_state" { // cancelled: that is recorded
		err = d.keepFinal(id)
	}
	if err != nil {
		d.o.Log.Error("the end of an alert could not be recorded", "alert", id, "error", err.Error())
		return
	}
	d.o.Log.Info("an alert has ended", "alert", id)
}

// keepFinal keeps the counts beside the alert: they stay when the recipients are erased.
func (d *Desk) keepFinal(id string) error {
	return d.ledger.Update(func(tx *store.Tx) error {
		a, err := read(tx, id)
		if err != nil {
			return err
		}
		r, err := d.reportOf(a)
		if err != nil {
			return err
		}
		a.Final = &r
		return alerts.Put(tx, tableKey(id), a)
	})
}

// Erase removes the recipients of alerts that ended longer ago than Options.Retention, and returns how many. What stays: the alert, its
// steps, the counts, the hash of the list.
func (d *Desk) Erase(ctx context.Context) (n int, err error) {
	if d.o.Retention == 0 {
		return 0, nil
	}
	before := d.now().Add(-d.o.Retention)
	old, err := d.newest("", 1<<20, func(a annuaire.Alert) bool {
		return a.Frozen != nil && a.Anonymised.IsZero() && a.State.Ended() && a.Final != nil && a.Ended.Before(before)
	})
	for _, a := range old {
		if err != nil || ctx.Err() != nil {
			return n, err
		}
		if err = d.keepFinal(a.ID); err != nil && annuaire.CodeOf(err) != annuaire.CodeNotFound { // acknowledgements came since
			return n, err
		}
		if err = d.forget(a.ID); err != nil {
			return n, err
		}
		if _, err = d.take(service, stepErase, a.ID, 0, "", func(_ *store.Tx, a *annuaire.Alert) error {
			a.Anonymised = d.now()
			return nil
		}); err == nil {
			n++
		}
	}
	return n, err
}

// forget removes the list of recipients of an alert.
func (d *Desk) forget(id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var err error
	if f, ok := d.files[id]; ok {
		err = f.Close()
		delete(d.files, id)
	}
	if rm := os.Remove(d.path(id)); !errors.Is(rm, os.ErrNotExist) {
		err = errors.Join(err, rm)
	}
	return err
}
