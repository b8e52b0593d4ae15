package model

import (
	"cmp"
	"slices"

	"annuaire"
	"annuaire/internal/nomenclature"
	"annuaire/sync/extract"
)

// practices gathers the practices of one person; there are one or two.
type practices struct{ list []*annuaire.Practice }

func (b *practices) of(profession, category annuaire.Coded) *annuaire.Practice {
	for _, p := range b.list {
		if p.Profession.Code == profession.Code && p.Category.Code == category.Code {
			return p
		}
	}
	p := &annuaire.Practice{Profession: coded(nomenclature.Profession, profession), Category: coded(nomenclature.Category, category)}
	b.list = append(b.list, p)
	return p
}

func (b *practices) sorted() []annuaire.Practice {
	out := make([]annuaire.Practice, 0, len(b.list))
	for _, p := range b.list {
		slices.SortFunc(p.Specialties, compareSpecialties)
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b annuaire.Practice) int {
		return cmp.Or(cmp.Compare(a.Profession.Code, b.Profession.Code), cmp.Compare(a.Category.Code, b.Category.Code))
	})
	return out
}

func addSpecialty(p *annuaire.Practice, kind, skill annuaire.Coded) {
	if skill.Code == "" {
		return
	}
	s := annuaire.Specialty{Coded: coded(nomenclature.Skill, skill), Type: kind.Code}
	for i, o := range p.Specialties {
		if o.Type == s.Type && o.Code == s.Code {
			p.Specialties[i].Label = max(o.Label, s.Label) // both files name it; only the order of their rows differs
			return
		}
	}
	p.Specialties = append(p.Specialties, s)
}

// compareSpecialties puts what a patient would call the specialty first: spécialité ordinale, then compétence exclusive, then
// qualification PAC, then the rest.
func compareSpecialties(a, b annuaire.Specialty) int {
	return cmp.Or(cmp.Compare(specialtyRank(a.Type), specialtyRank(b.Type)), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Code, b.Code))
}

func specialtyRank(kind string) int {
	switch kind {
	case "S":
		return 0
	case "CEX":
		return 1
	case "PAC":
		return 2
	}
	return 3
}

// addDiploma adds what a row of Dipl_AutExerc states: a diploma, an authorisation or both.
func addDiploma(p *annuaire.Practice, r *extract.DiplomaRow) {
	if r.Diploma.Code != "" {
		d := annuaire.Diploma{Coded: coded(nomenclature.Diploma, r.Diploma), Type: r.DiplomaType.Code}
		if !slices.Contains(p.Diplomas, d) {
			p.Diplomas = append(p.Diplomas, d)
		}
	}
	if r.AuthorisationType.Code != "" || r.Discipline.Code != "" {
		a := annuaire.Authorisation{
			Type:       coded(nomenclature.AuthorisationType, r.AuthorisationType),
			Discipline: coded(nomenclature.Discipline, r.Discipline),
		}
		if !slices.Contains(p.Authorisations, a) {
			p.Authorisations = append(p.Authorisations, a)
		}
	}
}

func sortDiplomas(p *annuaire.Practice) {
	slices.SortFunc(p.Diplomas, func(a, b annuaire.Diploma) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Label, b.Label))
	})
	slices.SortFunc(p.Authorisations, func(a, b annuaire.Authorisation) int {
		return cmp.Or(cmp.Compare(a.Type.Code, b.Type.Code), cmp.Compare(a.Discipline.Code, b.Discipline.Code),
			cmp.Compare(a.Type.Label, b.Type.Label), cmp.Compare(a.Discipline.Label, b.Discipline.Label))
	})
}
