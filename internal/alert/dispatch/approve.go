package dispatch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"annuaire"
	"annuaire/internal/alert/spool"
	"annuaire/internal/store"
)

// Submit hands a tested alert to the approvers.
func (d *Desk) Submit(ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder, version uint64) (annuaire.Alert, error) {
	a, err := d.ready(ctx, who, stepSubmit, id)
	if err != nil {
		return a, err
	}
	if err := d.sendable(a); err != nil {
		return a, err
	}
	s := seenBy(who, a)
	l, err := d.audiences.Look(ctx, s)
	if err != nil {
		return a, err
	}
	if err := reaches(l, s, o); err != nil {
		return a, err
	}
	return d.take(who, stepSubmit, id, cmp.Or(version, a.Version), "", func(_ *store.Tx, a *annuaire.Alert) error {
		a.Submitted = d.now()
		addAuthor(a, who)
		return nil
	})
}

// sendable refuses an alert that is not ready to go.
func (d *Desk) sendable(a annuaire.Alert) error {
	if err := wellFormed(a.AlertDraft); err != nil {
		return err
	}
	if err := complete(a.AlertDraft, d.now()); err != nil {
		return err
	}
	if err := d.mayWrite(); err != nil {
		return err
	}
	if !bytes.Equal(a.Tested, messagePrint(a)) {
		return conflict("test_missing", "test", "ce texte n'a pas encore été envoyé en essai aux adresses de contrôle.", "this text has not been sent to the seeds yet.")
	}
	return nil
}

// reaches refuses an audience of nobody, and one of everybody until it is said twice. To whoever may not see addresses it does not tell
// whether people are reached at red-listed mailboxes alone, for an author could ask it of one person after the other: with the red list,
// that is for the approval to find, which sends.
func reaches(p annuaire.AudiencePreview, s Selection, o annuaire.AlertOrder) error {
	switch {
	case messages(p) == 0 && (s.Exact || !s.RedList || p.Selected == 0):
		return refuse("audience_empty", "audience", "cette audience n'atteint personne : %d personnes, aucune boîte.", "this audience reaches nobody: %d people, no mailbox.", p.Selected)
	case p.Broad && !o.Everyone:
		return refuse("everyone_unconfirmed", "everyone", "cette audience est (presque) tout l'annuaire : %d personnes. Confirmez par \"everyone\": true.",
			"this audience is (almost) the whole directory: %d people. Confirm by \"everyone\": true.", p.Selected)
	}
	return nil
}

// Approve freezes the recipients and lets the sending begin. Whoever approves has no hand in what was written.
func (d *Desk) Approve(ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder, version uint64) (annuaire.Alert, error) {
	d.freezing.Lock()
	defer d.freezing.Unlock()
	a, err := d.ready(ctx, who, stepApprove, id)
	if err != nil {
		return a, err
	}
	if slices.ContainsFunc(a.Authors, func(h annuaire.AlertHand) bool { return same(h, handOf(who)) }) {
		return a, forbidden("approver_is_author", "approve", "l'auteur d'une alerte ne l'approuve pas : il faut une autre personne.", "the author of an alert does not approve it: it takes another person.")
	}
	if err := unchanged(a, version); err != nil { // before anything is looked up: a refusal of what is not sent tells nothing of its audience
		return a, err
	}
	if err := d.sendable(a); err != nil {
		return a, err
	}
	freeze, err := d.freeze(ctx, a, o)
	if err != nil {
		return a, err
	}
	hand := handOf(who)
	a, err = d.take(who, stepApprove, id, cmp.Or(version, a.Version), "", func(_ *store.Tx, a *annuaire.Alert) error {
		a.Frozen, a.Approver, a.Approved = &freeze, &hand, freeze.At
		return timely(a.AlertDraft, d.now())
	})
	if err != nil {
		return a, errors.Join(err, d.forget(id))
	}
	d.launch(id)
	return a, nil
}

// freeze writes the list of recipients.
func (d *Desk) freeze(ctx context.Context, a annuaire.Alert, o annuaire.AlertOrder) (f annuaire.AlertFreeze, err error) {
	s := selection(a)
	z, err := d.audiences.Freeze(ctx, s)
	if err != nil {
		return f, err
	}
	if err := reaches(z.AudiencePreview, s, o); err != nil {
		return f, err
	}
	if err := d.forget(a.ID); err != nil { // of an approval that failed half-way
		return f, err
	}
	at := d.now()
	m, err := spool.Create(d.path(a.ID), a.ID, at, z.List)
	if err != nil {
		return f, err
	}
	if m.Count == 0 {
		return f, errors.Join(reaches(annuaire.AudiencePreview{Selected: z.Selected}, s, o), d.forget(a.ID))
	}
	return annuaire.AlertFreeze{Count: m.Count, RedListed: m.RedListed, Selected: z.Selected, Hash: m.Hash, Seq: z.Seq, Extract: z.AsOf, Audience: z.Text, At: at}, nil
}

// Reject gives a submitted alert back to its authors, with a reason.
func (d *Desk) Reject(_ context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder) (annuaire.Alert, error) {
	why, err := reasonNeeded(o)
	if err != nil {
		return annuaire.Alert{}, err
	}
	return d.take(who, stepReject, id, 0, why, func(_ *store.Tx, a *annuaire.Alert) error {
		a.Submitted = time.Time{}
		return nil
	})
}
