package api

import (
	"time"

	"github.com/samber/lo"

	"annuaire"
)

// opt is null for what is not known.
func opt(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// coded is nil where there is no code.
func coded(c annuaire.Coded) *codedDTO {
	if c.IsZero() {
		return nil
	}
	return &codedDTO{Code: c.Code, Label: c.Shown()}
}

// matchedOn writes the reasons as "family=exact", each once.
func matchedOn(why []annuaire.Reason) []string {
	return lo.Uniq(lo.Map(why, func(r annuaire.Reason, _ int) string { return string(r.Field) + "=" + r.How }))
}

func source(s annuaire.Source) sourceDTO { return sourceDTO{Extract: instant(s.Extract), Run: s.Run} }

func address(a *annuaire.Address) *addressDTO {
	if a == nil {
		return nil
	}
	return &addressDTO{
		Lines: orEmpty(a.Lines), PostalCode: opt(a.PostalCode), City: opt(a.City), INSEE: opt(a.INSEE),
		Department: coded(a.Department), Region: coded(a.Region), Country: coded(a.Country),
	}
}

// professional shapes a person. The matching activity comes first: it is why the person is in the answer.
func professional(it annuaire.Item[annuaire.Professional]) any {
	p := it.Value
	d := professionalDTO{
		ID: p.ID, RPPS: opt(p.RPPS()), Civility: opt(p.Civility), Title: opt(p.Title), Family: p.Family, Given: opt(p.Given),
		Active:     true, // whoever has left is not published
		Practices:  lo.Map(p.Practices, func(x annuaire.Practice, _ int) practiceDTO { return practice(x) }),
		Activities: lo.Map(p.Activities, func(x annuaire.Activity, _ int) activityDTO { return activity(x) }),
		Mailboxes: lo.Map(it.Mailboxes, func(m annuaire.Mailbox, _ int) mailboxLineDTO {
			return mailboxLineDTO{Address: m.Address, Kind: string(m.Kind), Rank: m.Rank}
		}),
		Source: source(p.Source), MatchedOn: matchedOn(it.Why),
	}
	if m := it.Matched; m > 0 && m < len(d.Activities) {
		first := d.Activities[m]
		copy(d.Activities[1:m+1], d.Activities[:m])
		d.Activities[0] = first
	}
	return d
}

func practice(p annuaire.Practice) practiceDTO {
	return practiceDTO{
		Profession: coded(p.Profession), Category: coded(p.Category),
		Specialties: lo.Map(p.Specialties, func(s annuaire.Specialty, _ int) typedDTO { return typedDTO{s.Code, s.Coded.Shown(), s.Type} }),
		Diplomas:    lo.Map(p.Diplomas, func(x annuaire.Diploma, _ int) typedDTO { return typedDTO{x.Code, x.Coded.Shown(), x.Type} }),
	}
}

func activity(a annuaire.Activity) activityDTO {
	d := activityDTO{
		Profession: a.Profession, Category: opt(a.Category), Mode: coded(a.Mode), Sector: coded(a.Sector), Role: coded(a.Role),
		Authority: opt(a.Authority), Address: address(a.Address), Phones: orEmpty(a.Phones),
	}
	if s := a.Structure; s != nil {
		d.Structure = &structureRefDTO{ID: s.ID, Name: opt(s.Name), FINESS: opt(s.FINESS), SIRET: opt(s.SIRET)}
	}
	return d
}

func structure(it annuaire.Item[annuaire.Structure]) any {
	s := it.Value
	return structureDTO{
		ID: s.ID, Name: opt(s.Name), TradeName: opt(s.TradeName), FINESS: opt(s.FINESS), FINESSEJ: opt(s.FINESSEJ), SIREN: opt(s.SIREN),
		SIRET: opt(s.SIRET), Sector: coded(s.Sector), Address: address(s.Address), Phones: orEmpty(s.Phones), Fax: opt(s.Fax),
		Emails: orEmpty(s.Emails), Source: source(s.Source), MatchedOn: matchedOn(it.Why),
	}
}

func mailbox(it annuaire.Item[annuaire.Mailbox]) any {
	m := it.Value
	d := mailboxDTO{
		Address: m.Address, Kind: string(m.Kind), Owners: orEmpty(m.Owners), Family: opt(m.Family), Given: opt(m.Given),
		Profession: coded(m.Profession), Description: opt(m.Description), Paperless: m.Paperless,
		Attachments: lo.Map(m.Attachments, func(a annuaire.Attachment, _ int) attachmentDTO {
			return attachmentDTO{IDType: opt(a.IDType), ID: opt(a.ID), Name: opt(a.Name), TradeName: opt(a.TradeName), Service: opt(a.Service), Address: address(a.Address)}
		}),
		Source: source(m.Source), MatchedOn: matchedOn(it.Why),
	}
	if m.Rank > 0 {
		d.Rank = &m.Rank
	}
	return d
}

func facets(asked []annuaire.Field, found map[annuaire.Field][]annuaire.FacetCount) map[string][]facetDTO {
	if len(asked) == 0 {
		return nil
	}
	out := make(map[string][]facetDTO, len(asked))
	for _, f := range asked {
		out[string(f)] = lo.Map(found[f], func(c annuaire.FacetCount, _ int) facetDTO { return facetDTO{c.Code, c.Coded.Shown(), c.Count} })
	}
	return out
}
