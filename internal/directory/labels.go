package directory

import (
	"annuaire"
	"annuaire/internal/codes"
	"annuaire/internal/geo"
	"annuaire/internal/nomenclature"
)

// label fills in what to show for a code: the nomenclature's label, else the one the extract gave, else the code itself.
func label(t nomenclature.Table, c *annuaire.Coded) {
	if c.Code == "" {
		return
	}
	c.Label = codes.Shown(t, *c)
}

func labelPerson(p *annuaire.Professional) {
	for i := range p.Practices {
		pr := &p.Practices[i]
		label(nomenclature.Profession, &pr.Profession)
		label(nomenclature.Category, &pr.Category)
		for j := range pr.Specialties {
			label(nomenclature.Skill, &pr.Specialties[j].Coded)
		}
		for j := range pr.Diplomas {
			label(nomenclature.Diploma, &pr.Diplomas[j].Coded)
		}
		for j := range pr.Authorisations {
			label(nomenclature.AuthorisationType, &pr.Authorisations[j].Type)
			label(nomenclature.Discipline, &pr.Authorisations[j].Discipline)
		}
	}
	for i := range p.Activities {
		a := &p.Activities[i]
		label(nomenclature.Mode, &a.Mode)
		label(nomenclature.Sector, &a.Sector)
		label(nomenclature.Section, &a.Section)
		label(nomenclature.Role, &a.Role)
		label(nomenclature.Genre, &a.Genre)
		labelAddress(a.Address)
	}
}

func labelStructure(s *annuaire.Structure) {
	label(nomenclature.Sector, &s.Sector)
	labelAddress(s.Address)
}

func labelMailbox(m *annuaire.Mailbox) {
	label(nomenclature.Profession, &m.Profession)
	for i := range m.Attachments {
		labelAddress(m.Attachments[i].Address)
	}
}

func labelAddress(a *annuaire.Address) {
	if a == nil {
		return
	}
	a.Department.Label, _ = geo.DepartmentName(a.Department.Code)
	a.Region.Label, _ = geo.RegionName(a.Region.Code)
}
