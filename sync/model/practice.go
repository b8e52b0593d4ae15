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

// of returns the practice of a profession and category. A label that the nomenclature does not give is the greatest of the rows'
// so that their order does not show; so it is for savoir-faire, diplomas and authorisations.
func (b *practices) of(profession, category annuaire.Coded) *annuaire.Practice {
	p := &annuaire.Practice{Profession: coded(nomenclature.Profession, profession), Category: coded(nomenclature.Category, category)}
	for _, o := range b.list {
		if o.Profession.Code == p.Profession.Code && o.Category.Code == p.Category.Code {
			o.Profession.Label = max(o.Profession.Label, p.Profession.Label)
			o.Category.Label = max(o.Category.Label, p.Category.Label)
			return o
		}
	}
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
		i := slices.IndexFunc(p.Diplomas, func(o annuaire.Diploma) bool { return o.Type == d.Type && o.Code == d.Code })
		if i < 0 {
			p.Diplomas = append(p.Diplomas, d)
		} else {
			p.Diplomas[i].Label = max(p.Diplomas[i].Label, d.Label)
		}
	}
	if r.AuthorisationType.Code != "" || r.Discipline.Code != "" {
		a := annuaire.Authorisation{
			Type:       coded(nomenclature.AuthorisationType, r.AuthorisationType),
			Discipline: coded(nomenclature.Discipline, r.Discipline),
		}
		i := slices.IndexFunc(p.Authorisations, func(o annuaire.Authorisation) bool {
			return o.Type.Code == a.Type.Code && o.Discipline.Code == a.Discipline.Code
		})
		if i < 0 {
			p.Authorisations = append(p.Authorisations, a)
			return
		}
		o := &p.Authorisations[i]
		o.Type.Label, o.Discipline.Label = max(o.Type.Label, a.Type.Label), max(o.Discipline.Label, a.Discipline.Label)
	}
}

func sortDiplomas(p *annuaire.Practice) {
	slices.SortFunc(p.Diplomas, func(a, b annuaire.Diploma) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Code, b.Code))
	})
	slices.SortFunc(p.Authorisations, func(a, b annuaire.Authorisation) int {
		return cmp.Or(cmp.Compare(a.Type.Code, b.Type.Code), cmp.Compare(a.Discipline.Code, b.Discipline.Code))
	})
}
