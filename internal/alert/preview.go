package alert

import (
	"context"
	"fmt"

	"annuaire"
	"annuaire/internal/alert/audience"
)

// breakdown is by what previews are divided.
var breakdown = []annuaire.Field{annuaire.FieldProfession, annuaire.FieldSpecialty, annuaire.FieldDepartment, annuaire.FieldMode}

// Preview says whom an audience would reach now. It is exact, which is not for everyone: see PreviewFor.
func (d *Desk) Preview(ctx context.Context, a audience.Audience, o annuaire.PreviewOptions) (annuaire.AudiencePreview, error) {
	p, _, err := d.preview(ctx, a, o)
	return p, err
}

func (d *Desk) preview(ctx context.Context, a audience.Audience, o annuaire.PreviewOptions) (p annuaire.AudiencePreview, sel annuaire.Selected, err error) {
	switch {
	case o.Sample < 0 || o.Sample > annuaire.MaxSample:
		return p, sel, annuaire.Invalid("sample", "un échantillon de 1 à %d personnes", "a sample of 1 to %d people", annuaire.MaxSample)
	case o.Sample == 0:
		o.Sample = annuaire.DefaultSample
	}
	am, err := d.aim(ctx, a)
	if err != nil {
		return p, sel, err
	}
	am.ask.Split, am.ask.Detail = breakdown, []annuaire.Field{annuaire.FieldProfession, annuaire.FieldDepartment}
	p = annuaire.AudiencePreview{Text: am.text, Kinds: am.meaning.Kinds, RedListIncluded: d.policy.RedListed, Seed: o.Seed, Terms: am.meaning.Terms,
		Warnings: am.meaning.Warnings}
	if am.services() {
		err = d.dir.SelectBoxes(ctx, am.ask, func(s annuaire.Selected, boxes annuaire.BoxReader) error {
			sel = s
			return eachService(s, boxes, func(*annuaire.Mailbox) error { p.Organisations++; return nil })
		})
	} else {
		sel, err = d.dir.Select(ctx, am.ask)
	}
	if err != nil {
		return p, sel, err
	}
	count(&p, sel)
	p.Broad = am.meaning.Everyone || 2*p.Selected > sel.Total
	p.Breakdown = sel.Splits
	for _, s := range sel.Splits[annuaire.FieldProfession] {
		if audience.OutsideHealth(s.Code) {
			p.Warnings = append(p.Warnings, annuaire.AudienceWarning{Rule: "audience_outside_selected",
				Message: fmt.Sprintf("%d personne(s) hors des professions de santé : %s %s", s.People, s.Code, s.Label),
				English: fmt.Sprintf("%d people outside the health professions: %s %s", s.People, s.Code, s.Label)})
		}
	}
	p.Sample, err = d.sample(ctx, sel, o)
	return p, sel, err
}

// count fills in how many are selected and how they are reached.
func count(p *annuaire.AudiencePreview, sel annuaire.Selected) {
	p.Seq, p.AsOf, p.Selected = sel.Seq, sel.AsOf, len(sel.IDs)
	for _, r := range sel.Reach {
		switch {
		case r&annuaire.ReachPublished != 0:
			p.Published++
		case r != 0:
			p.RedListed++
		}
	}
	p.Reachable = p.Published + p.RedListed
}

// Coarse is the preview for a caller who may not see addresses. Of mailboxes on the red list it says no more than how many tens of people
// only these reach: from exact counts of small audiences, or of two audiences that differ in one person, one could tell who has one.
func Coarse(p annuaire.AudiencePreview) annuaire.AudiencePreview {
	p.Coarse = true
	p.RedListed -= p.RedListed % 10
	p.Reachable = p.Published + p.RedListed
	rough := make(map[annuaire.Field][]annuaire.Split, len(p.Breakdown))
	for f, splits := range p.Breakdown {
		out := make([]annuaire.Split, len(splits))
		for i, s := range splits {
			s.Reachable = s.Published
			out[i] = s
		}
		rough[f] = out
	}
	p.Breakdown = rough
	return p
}
