package alert

import (
	"context"
	"strings"

	"annuaire"
	"annuaire/internal/alert/audience"
)

// maxAudited is how much of the text of an audience the audit log repeats, in bytes.
const maxAudited = 4 << 10

// PreviewFor is Preview of an audience in either form, as a caller may see it; the audit log tells that they looked.
func (d *Desk) PreviewFor(ctx context.Context, who annuaire.Caller, form string, o annuaire.PreviewOptions) (annuaire.AudiencePreview, error) {
	a, err := Read(form)
	if err != nil {
		return annuaire.AudiencePreview{}, err
	}
	p, err := d.Preview(ctx, a, o)
	if err != nil {
		return p, err
	}
	event := who.Event("audience.preview", "")
	event.Why = strings.ToValidUTF8(p.Text[:min(len(p.Text), maxAudited)], "")
	return shown(p, who), d.ledger.AuditNow(event)
}

// shown is a preview as a caller may see it.
func shown(p annuaire.AudiencePreview, who annuaire.Caller) annuaire.AudiencePreview {
	if who.Has(annuaire.RoleAlertAddresses) {
		return p
	}
	return Coarse(p)
}

// readSaved returns a saved audience, understood.
func (d *Desk) readSaved(ctx context.Context, name string) (annuaire.SavedAudience, audience.Audience, error) {
	s, err := d.Audience(ctx, name, 0)
	if err != nil {
		return s, audience.Audience{}, err
	}
	a, err := Read(s.Text)
	return s, a, err
}

// UnreachableOf is Unreachable of a saved audience, as a caller may see it; the audit log tells that they looked.
func (d *Desk) UnreachableOf(ctx context.Context, who annuaire.Caller, name string, fn func(annuaire.Item[annuaire.Professional]) error) error {
	_, a, err := d.readSaved(ctx, name)
	if err != nil {
		return err
	}
	if err := d.ledger.AuditNow(who.Event("audience.unreachable", name)); err != nil {
		return err
	}
	return d.Unreachable(ctx, a, who.Has(annuaire.RoleAlertAddresses), fn)
}
