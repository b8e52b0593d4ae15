package dispatch

import (
	"context"

	"github.com/samber/lo"

	"annuaire"
)

// public reports whether everybody may see an alert: it is meant for the public and its sending has begun. A test never is.
func public(a annuaire.Alert) bool {
	return a.Public && !a.Started.IsZero() && a.Status != annuaire.StatusTest
}

func (d *Desk) shownPublic(a annuaire.Alert) annuaire.AlertPublic {
	return annuaire.AlertPublic{ID: a.ID, Issuer: d.o.Issuer, State: a.State, Status: a.Status, Kind: a.Kind, Refers: a.Refers, Severity: a.Severity, Urgency: a.Urgency,
		Certainty: a.Certainty, Sent: a.Started, Expires: a.Expires, Title: a.Title, Summary: a.Summary, Text: a.Text, Area: a.Area, Legal: a.Legal}
}

// Published lists up to n alerts that are meant for the public, the newest first, that came before one ("": from the newest).
func (d *Desk) Published(_ context.Context, before string, n int) ([]annuaire.AlertPublic, error) {
	list, err := d.newest(before, n, public)
	return lo.Map(list, func(a annuaire.Alert, _ int) annuaire.AlertPublic { return d.shownPublic(a) }), err
}

// PublishedAlert returns one of them; CodeNotFound for any other, whether it exists or not.
func (d *Desk) PublishedAlert(_ context.Context, id string) (annuaire.AlertPublic, error) {
	a, err := d.published(id)
	if err != nil {
		return annuaire.AlertPublic{}, err
	}
	return d.shownPublic(a), nil
}

func (d *Desk) published(id string) (a annuaire.Alert, err error) {
	a, err = d.stored(id)
	if err == nil && !public(a) {
		err = missing()
	}
	return a, err
}

// PublishedCAP is PublishedAlert as a CAP 1.2 message.
func (d *Desk) PublishedCAP(_ context.Context, id string) ([]byte, error) {
	a, err := d.published(id)
	if err != nil {
		return nil, err
	}
	return d.capOf(a)
}

// CAP returns an alert as a CAP 1.2 message, for whoever may look at it.
func (d *Desk) CAP(ctx context.Context, who annuaire.Caller, id string) ([]byte, error) {
	a, err := d.Alert(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if err := complete(a.AlertDraft, a.Created); err != nil && annuaire.RuleOf(err) != "expiry_too_far" {
		return nil, err
	}
	return d.capOf(a)
}

func (d *Desk) capOf(a annuaire.Alert) ([]byte, error) {
	if a.Refers == "" {
		return d.o.cap(a, nil)
	}
	earlier, err := d.stored(a.Refers)
	if err != nil {
		return nil, err
	}
	return d.o.cap(a, &earlier)
}
