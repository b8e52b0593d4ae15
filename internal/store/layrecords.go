package store

import "annuaire"

// The records and what they are made of, by the numbers of their fields (the tags of the domain types).

func (l *layer) professional(p *annuaire.Professional) {
	m := l.fields()
	l.must(m, 1, p.ID)
	l.text(m, 2, p.Civility)
	l.text(m, 3, p.Title)
	l.must(m, 4, p.Family)
	l.text(m, 5, p.Given)
	items(l, m, 6, p.Practices, (*layer).practice)
	items(l, m, 7, p.Activities, (*layer).activity)
}

func (l *layer) practice(p *annuaire.Practice) {
	m := l.fields()
	l.coded(m, 1, &p.Profession)
	l.coded(m, 2, &p.Category)
	items(l, m, 3, p.Specialties, func(l *layer, s *annuaire.Specialty) { l.typed(&s.Coded, s.Type) })
	items(l, m, 4, p.Diplomas, func(l *layer, d *annuaire.Diploma) { l.typed(&d.Coded, d.Type) })
	items(l, m, 5, p.Authorisations, func(l *layer, a *annuaire.Authorisation) {
		m := l.fields()
		l.coded(m, 1, &a.Type)
		l.coded(m, 2, &a.Discipline)
	})
}

func (l *layer) typed(c *annuaire.Coded, kind string) {
	m := l.fields()
	l.text(m, 1, c.Code)
	l.text(m, 2, c.Label)
	l.text(m, 3, kind)
}

func (l *layer) activity(a *annuaire.Activity) {
	m := l.fields()
	l.must(m, 1, a.Profession)
	l.text(m, 2, a.Category)
	for i, c := range []*annuaire.Coded{&a.Mode, &a.Sector, &a.Section, &a.Role, &a.Genre} {
		l.coded(m, byte(3+i), c)
	}
	l.must(m, 8, a.Authority)
	if r := a.Structure; r != nil {
		l.key(m, 9)
		m := l.fields()
		l.must(m, 1, r.ID)
		for i, s := range []string{r.Name, r.TradeName, r.FINESS, r.FINESSEJ, r.SIREN, r.SIRET} {
			l.text(m, byte(2+i), s)
		}
	}
	l.address(m, 10, a.Address)
	l.strs(m, 11, a.Phones)
}

func (l *layer) address(at int, key byte, a *annuaire.Address) {
	if a == nil {
		return
	}
	l.key(at, key)
	m := l.fields()
	l.strs(m, 1, a.Lines)
	l.text(m, 2, a.PostalCode)
	l.text(m, 3, a.City)
	l.text(m, 4, a.INSEE)
	l.coded(m, 5, &a.Department)
	l.coded(m, 6, &a.Region)
	l.coded(m, 7, &a.Country)
	l.text(m, 8, a.Street)
}

func (l *layer) structure(s *annuaire.Structure) {
	m := l.fields()
	l.must(m, 1, s.ID)
	for i, v := range []string{s.FormerID, s.FINESS, s.FINESSEJ, s.SIREN, s.SIRET, s.Name, s.TradeName} {
		l.text(m, byte(2+i), v)
	}
	l.coded(m, 9, &s.Sector)
	l.address(m, 10, s.Address)
	l.strs(m, 11, s.Phones)
	l.text(m, 12, s.Fax)
	l.strs(m, 13, s.Emails)
}

func (l *layer) mailbox(b *annuaire.Mailbox) {
	m := l.fields()
	l.must(m, 1, b.Address)
	l.must(m, 2, string(b.Kind))
	l.strs(m, 3, b.Owners)
	if b.Rank > 0 {
		l.key(m, 4)
		l.head(majorNumber, b.Rank)
	}
	l.text(m, 5, b.Family)
	l.text(m, 6, b.Given)
	l.coded(m, 7, &b.Profession)
	l.text(m, 8, b.Description)
	if b.Paperless != nil {
		l.truth(m, 9, *b.Paperless)
	}
	items(l, m, 10, b.Attachments, (*layer).attachment)
	l.text(m, 11, b.Phone)
	if b.Registered {
		l.truth(m, 12, true)
	}
}

func (l *layer) attachment(a *annuaire.Attachment) {
	m := l.fields()
	for i, s := range []string{a.IDType, a.ID, a.Name, a.TradeName, a.Service} {
		l.text(m, byte(1+i), s)
	}
	l.address(m, 6, a.Address)
}
