package dispatch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/names"
	"annuaire/internal/store"
)

// take takes one step: state, role and version are checked, change is made, all of it is recorded, or none.
func (d *Desk) take(who annuaire.Caller, s step, id string, version uint64, why string, change func(*store.Tx, *annuaire.Alert) error) (a annuaire.Alert, err error) {
	if err := allowed(who, s); err != nil && moves[s].by != nil {
		return a, err
	}
	err = d.ledger.Update(func(tx *store.Tx) (err error) {
		if a, err = read(tx, id); err != nil {
			return err
		}
		if err := unchanged(a, version); err != nil {
			return err
		}
		before := a
		if a.State, err = next(s, a.State); err != nil {
			return err
		}
		if change != nil {
			if err := change(tx, &a); err != nil {
				return err
			}
		}
		if a.State.Ended() && a.Ended.IsZero() {
			a.Ended = d.now()
		}
		return d.record(tx, who, s, &before, &a, why)
	})
	if err != nil {
		return annuaire.Alert{}, err
	}
	return a, nil
}

// ready returns an alert of which a caller may take a step, before anything is looked up or sent for it; take checks once more.
func (d *Desk) ready(ctx context.Context, who annuaire.Caller, s step, id string) (a annuaire.Alert, err error) {
	if err := allowed(who, s); err != nil {
		return a, err
	}
	if a, err = d.Alert(ctx, who, id); err == nil {
		_, err = next(s, a.State)
	}
	return a, err
}

// unchanged refuses a step on another version than the one that was read; version 0 is whichever is there.
func unchanged(a annuaire.Alert, version uint64) error {
	if version == 0 || version == a.Version {
		return nil
	}
	return annuaire.Errorf(annuaire.CodePrecondition, "If-Match", "l'alerte a changé depuis que vous l'avez lue : relisez-la.",
		"the alert has changed since you read it: read it again.", nil).Because("version_stale")
}

// record stores an alert after a step, with its audit line and its line of evidence.
func (d *Desk) record(tx *store.Tx, who annuaire.Caller, s step, before *annuaire.Alert, a *annuaire.Alert, why string) error {
	a.Version++
	a.Changed = d.now()
	if why != "" || s == stepSubmit || s == stepApprove || s == stepResume {
		a.Reason = why
	}
	e := who.Event("alert."+string(s), a.ID)
	e.Why = why
	if before != nil {
		e.Before = outline(*before)
	}
	e.After = outline(*a)
	k := tableKey(a.ID)
	n, err := steps.Sequence(tx)
	if err != nil {
		return err
	}
	err = steps.Put(tx, k+"\x00"+number(0, n+100_000), annuaire.AlertStep{At: a.Changed, Who: handOf(who), What: string(s), Why: why})
	return errors.Join(err, alerts.Put(tx, k, *a), tx.Audit(e))
}

// outline is what the audit log holds of an alert: not its text, of which it has the print.
func outline(a annuaire.Alert) any {
	out := map[string]any{"state": a.State, "version": a.Version, "message": hex.EncodeToString(messagePrint(a)), "audience": a.Audience}
	if a.Frozen != nil {
		out["recipients"], out["hash"], out["seq"] = a.Frozen.Count, a.Frozen.Hash, a.Frozen.Seq
	}
	return out
}

// messagePrint is the SHA-256 of everything that a recipient reads.
func messagePrint(a annuaire.Alert) []byte {
	m := a.AlertDraft
	m.Audience, m.RedList, m.Public = "", false, false
	b, err := store.Encode(m)
	if err != nil { // plain data: cannot fail outside development
		panic(fmt.Sprint("alert: ", err))
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

func handOf(c annuaire.Caller) annuaire.AlertHand { return annuaire.AlertHand{ID: c.ID, Name: c.Name} }

// same reports whether two hands may be one person's: two tokens of one name are.
func same(a, b annuaire.AlertHand) bool {
	return a.ID == b.ID || a.Name != "" && names.Fold(a.Name) == names.Fold(b.Name)
}

// addAuthor notes who has had a hand in an alert.
func addAuthor(a *annuaire.Alert, who annuaire.Caller) {
	if !slices.Contains(a.Authors, handOf(who)) {
		a.Authors = append(a.Authors, handOf(who))
	}
}

// service is who takes the steps that nobody takes.
var service = annuaire.Caller{ID: "service", From: "local"}

// reasonOf checks the reason of a step.
func reasonOf(o annuaire.AlertOrder) (string, error) {
	s := strings.TrimSpace(o.Reason)
	return s, line("reason", s, maxReason, false)
}

// reasonNeeded is reasonOf a step that takes one.
func reasonNeeded(o annuaire.AlertOrder) (string, error) {
	why, err := reasonOf(o)
	if err == nil && why == "" {
		err = refuse("reason_missing", "reason", "dites pourquoi.", "say why.")
	}
	return why, err
}
