package dispatch

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"annuaire"
	"annuaire/internal/alert/relay"
	"annuaire/internal/alert/spool"
	"annuaire/internal/store"
)

// selection is whom an alert is for.
func selection(a annuaire.Alert) Selection {
	return Selection{Audience: a.Audience, RedList: a.RedList, Exact: true}
}

// seenBy is selection for somebody to look at: who is on the red list counts exactly only for whoever may see addresses.
func seenBy(who annuaire.Caller, a annuaire.Alert) Selection {
	s := selection(a)
	s.Exact = who.Has(annuaire.RoleAlertAddresses)
	return s
}

// Preview says who would receive an alert, and what. It asks the directory of now; the audit log tells who looked.
func (d *Desk) Preview(ctx context.Context, who annuaire.Caller, id string) (p annuaire.AlertPreview, err error) {
	a, err := d.Alert(ctx, who, id)
	if err != nil {
		return p, err
	}
	if a.Audience == "" {
		return p, refuse("audience_missing", "audience", "à remplir avant l'envoi.", "to be filled in before sending.")
	}
	l, err := d.audiences.Look(ctx, seenBy(who, a))
	if err != nil {
		return p, err
	}
	if err := d.ledger.AuditNow(who.Event("alert.preview", id)); err != nil {
		return p, err
	}
	p = annuaire.AlertPreview{Audience: l.Audience, Selected: l.Selected, Reachable: l.Reachable, Messages: l.Messages, RedListed: l.RedListed, Everyone: l.Everyone,
		Warnings: []string{}, Subject: d.o.Subject(a, false), Body: strings.ReplaceAll(d.o.Text(a, false), linkMark, d.o.PublicURL+"/…"), Detail: l.Detail}
	for _, w := range l.Warnings {
		p.Warnings = append(p.Warnings, w.FR+" / "+w.EN)
	}
	return p, nil
}

// mayWrite refuses what the sender may not say: an instance without sender, relay or seeds, a domain that is not on the white list.
func (d *Desk) mayWrite() error {
	at := strings.LastIndexByte(d.o.From, '@')
	switch {
	case at < 0 || d.o.Issuer == "" || len(d.o.Sending.Relays) == 0:
		return conflict("sending_not_configured", "alerts", "cette instance n'a ni expéditeur ni relais : [alert] de la configuration.", "this instance has no sender or relay: [alert] of the configuration.")
	case d.o.Listed == nil || !d.o.Listed(d.o.From[at+1:]):
		return forbidden("sender_not_listed", "alert.from", "le domaine de l'expéditeur n'est pas sur la liste blanche MSSanté.", "the domain of the sender is not on the MSSanté white list.")
	}
	return nil
}

// Test sends an alert to the seeds, as it would be sent, marked ESSAI. All of them must be accepted: then this message may be submitted.
func (d *Desk) Test(ctx context.Context, who annuaire.Caller, id string) (a annuaire.Alert, err error) {
	if err := allowed(who, stepTest); err != nil {
		return a, err
	}
	if a, err = d.Alert(ctx, who, id); err != nil {
		return a, err
	}
	if _, err := next(stepTest, a.State); err != nil {
		return a, err
	}
	if err := errors.Join(complete(a.AlertDraft, d.now())); err != nil {
		return a, err
	}
	if err := d.mayWrite(); err != nil {
		return a, err
	}
	if len(d.o.Seeds) == 0 {
		return a, conflict("seeds_missing", "alert.seeds", "personne ne reçoit les essais : [alert] seeds de la configuration.", "nobody receives test sends: [alert] seeds of the configuration.")
	}
	if err := d.sendTrial(ctx, a); err != nil {
		return a, err
	}
	print := messagePrint(a)
	return d.take(who, stepTest, id, a.Version, "", func(_ *store.Tx, a *annuaire.Alert) error {
		a.Tested, a.TestedAt = print, d.now()
		return nil
	})
}

func (d *Desk) sendTrial(ctx context.Context, a annuaire.Alert) error {
	t := d.o.Compose(a, true, d.now())
	failed := func(err error) error {
		return annuaire.Errorf(annuaire.CodeUnavailable, "test", "l'essai n'a pas été accepté par le relais : réessayez, ou vérifiez [alert] de la configuration.",
			"the relay did not accept the test send: try again, or look at [alert] of the configuration.", err).Because("test_not_accepted")
	}
	k, err := relay.Dial(ctx, d.o.Sending.Relays[0])
	if err != nil {
		return failed(err)
	}
	defer k.Close()
	for i, seed := range d.o.Seeds {
		n := uint32(trialMark + i)
		m := message{t: t, to: seed, id: d.sign.messageID(a.ID, n, string(messagePrint(a)), domainOf(d.o.From)), link: d.link(a.ID, n)}
		r, err := k.Send(relay.Envelope{From: d.o.From, To: asciiAddress(seed)}, m.write)
		if err != nil {
			return failed(err)
		}
		if !r.Accepted() {
			return failed(errors.New("refused: " + spool.Status{Code: uint16(r.Code), Enhanced: r.Enhanced}.Answer()))
		}
	}
	return nil
}

// link is the address at which a recipient acknowledges, "" where there is none.
func (d *Desk) link(id string, n uint32) string {
	if d.o.PublicURL == "" {
		return ""
	}
	return strings.TrimRight(d.o.PublicURL, "/") + "/v1/alerts/" + id + "/acknowledge/" + d.sign.link(id, n)
}

// Submit hands a tested alert to the approvers.
func (d *Desk) Submit(ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder, version uint64) (annuaire.Alert, error) {
	if err := allowed(who, stepSubmit); err != nil {
		return annuaire.Alert{}, err
	}
	a, err := d.Alert(ctx, who, id)
	if err != nil {
		return a, err
	}
	if _, err := next(stepSubmit, a.State); err != nil {
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
	if version == 0 {
		version = a.Version
	}
	return d.take(who, stepSubmit, id, version, "", func(_ *store.Tx, a *annuaire.Alert) error {
		a.Submitted = d.now()
		if !slices.Contains(a.Authors, handOf(who)) {
			a.Authors = append(a.Authors, handOf(who))
		}
		return nil
	})
}

// sendable refuses an alert that is not ready to go.
func (d *Desk) sendable(a annuaire.Alert) error {
	if err := errors.Join(wellFormed(a.AlertDraft)); err != nil {
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
func reaches(l Look, s Selection, o annuaire.AlertOrder) error {
	switch {
	case l.Messages == 0 && (s.Exact || !s.RedList || l.Selected == 0):
		return refuse("audience_empty", "audience", "cette audience n'atteint personne : %d personnes, aucune boîte.", "this audience reaches nobody: %d people, no mailbox.", l.Selected)
	case l.Everyone && !o.Everyone:
		return refuse("everyone_unconfirmed", "everyone", "cette audience est (presque) tout l'annuaire : %d personnes. Confirmez par \"everyone\": true.",
			"this audience is (almost) the whole directory: %d people. Confirm by \"everyone\": true.", l.Selected)
	}
	return nil
}

// Approve freezes the recipients and lets the sending begin. Whoever approves has no hand in what was written.
func (d *Desk) Approve(ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder, version uint64) (annuaire.Alert, error) {
	if err := allowed(who, stepApprove); err != nil {
		return annuaire.Alert{}, err
	}
	d.freezing.Lock()
	defer d.freezing.Unlock()
	a, err := d.Alert(ctx, who, id)
	if err != nil {
		return a, err
	}
	if _, err := next(stepApprove, a.State); err != nil {
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
	if version == 0 {
		version = a.Version
	}
	hand := handOf(who)
	a, err = d.take(who, stepApprove, id, version, "", func(_ *store.Tx, a *annuaire.Alert) error {
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
	if err := reaches(z.Look, s, o); err != nil {
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
		return f, errors.Join(reaches(Look{Selected: z.Selected}, s, o), d.forget(a.ID))
	}
	return annuaire.AlertFreeze{Count: m.Count, RedListed: m.RedListed, Selected: z.Selected, Hash: m.Hash, Seq: z.Seq, Extract: z.Extract, Audience: z.Audience, At: at}, nil
}

// Reject gives a submitted alert back to its authors, with a reason.
func (d *Desk) Reject(_ context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder) (annuaire.Alert, error) {
	why, err := reasonOf(o)
	if err == nil && why == "" {
		err = refuse("reason_missing", "reason", "dites pourquoi.", "say why.")
	}
	if err != nil {
		return annuaire.Alert{}, err
	}
	return d.take(who, stepReject, id, 0, why, func(_ *store.Tx, a *annuaire.Alert) error {
		a.Submitted = time.Time{}
		return nil
	})
}

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
	why, err := reasonOf(o)
	if err == nil && why == "" {
		err = refuse("reason_missing", "reason", "dites pourquoi.", "say why.")
	}
	if err != nil {
		return annuaire.Alert{}, err
	}
	a, err := d.take(who, stepCancel, id, 0, why, nil)
	if err == nil {
		d.sender.cancel(id)
	}
	return a, err
}
