package dispatch

import (
	"context"
	"strings"

	"annuaire"
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
	p = annuaire.AlertPreview{Audience: l.Text, Selected: l.Selected, Reachable: l.Reachable, Messages: messages(l), RedListed: l.RedListed, Everyone: l.Broad,
		Warnings: []string{}, Subject: d.o.subject(a, false), Body: strings.ReplaceAll(d.o.text(a, false), linkMark, d.o.PublicURL+"/…"), Detail: l}
	for _, w := range l.Warnings {
		p.Warnings = append(p.Warnings, w.Message+" / "+w.English)
	}
	return p, nil
}
