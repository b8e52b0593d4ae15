package dispatch

import (
	"bytes"
	"context"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Create makes a draft. What is missing may come later; what is wrong is refused.
func (d *Desk) Create(ctx context.Context, who annuaire.Caller, draft annuaire.AlertDraft) (a annuaire.Alert, err error) {
	if err := allowed(who, stepEdit); err != nil {
		return a, err
	}
	if draft, err = d.accept(ctx, draft); err != nil {
		return a, err
	}
	a = annuaire.Alert{AlertDraft: draft, State: annuaire.AlertDrafted, Authors: []annuaire.AlertHand{handOf(who)}, Created: d.now()}
	err = d.ledger.Update(func(tx *store.Tx) (err error) {
		if err := refers(tx, a); err != nil {
			return err
		}
		if a.ID, err = newNumber(tx, a.Created.In(paris).Year()); err != nil {
			return err
		}
		return d.record(tx, who, stepCreate, nil, &a, "")
	})
	return a, err
}

// accept brings a draft to its one form, or says what is wrong with it.
func (d *Desk) accept(ctx context.Context, draft annuaire.AlertDraft) (annuaire.AlertDraft, error) {
	draft = tidy(draft)
	err := wellFormed(draft)
	if err == nil && draft.Audience != "" {
		draft.Audience, err = d.audiences.Read(ctx, draft.Audience)
	}
	return draft, err
}

// refers refuses a reference to an alert that was never sent.
func refers(tx *store.Tx, a annuaire.Alert) error {
	if a.Refers == "" {
		return nil
	}
	earlier, err := read(tx, a.Refers)
	if annuaire.CodeOf(err) == annuaire.CodeNotFound || err == nil && (earlier.Started.IsZero() || earlier.ID == a.ID) {
		return refuse("reference_unknown", "refers", "l'alerte d'origine n'existe pas ou n'a pas été envoyée.", "the original alert does not exist or was not sent.")
	}
	return err
}

// Edit replaces what is written. version is the one that was read, 0 for whichever is there: CodePrecondition when it is another one.
// Whoever edits is an author from then on; what was tested has to be tested again if the message changed, what was submitted is a draft.
func (d *Desk) Edit(ctx context.Context, who annuaire.Caller, id string, draft annuaire.AlertDraft, version uint64) (a annuaire.Alert, err error) {
	if err := allowed(who, stepEdit); err != nil {
		return a, err
	}
	if draft, err = d.accept(ctx, draft); err != nil {
		return a, err
	}
	return d.take(who, stepEdit, id, version, "", func(tx *store.Tx, a *annuaire.Alert) error {
		a.AlertDraft = draft
		a.Submitted = time.Time{}
		addAuthor(a, who)
		if !bytes.Equal(a.Tested, messagePrint(*a)) {
			a.Tested, a.TestedAt = nil, time.Time{}
		}
		return refers(tx, *a)
	})
}
