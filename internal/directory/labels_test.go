package directory

import (
	"testing"

	"annuaire"
)

func code(c string) annuaire.Coded { return annuaire.Coded{Code: c} }

func TestLabelsOfAPerson(t *testing.T) {
	p := annuaire.Professional{
		Practices: []annuaire.Practice{{Profession: code("60"), Category: code("C"), Specialties: []annuaire.Specialty{{Coded: code("SM54"), Type: "S"}},
			Diplomas: []annuaire.Diploma{{Coded: code("DE09")}}, Authorisations: []annuaire.Authorisation{{Type: code("AM01"), Discipline: code("?")}}}},
		Activities: []annuaire.Activity{{Mode: code("L"), Sector: code("SA01"), Section: code("A"), Role: code("FON-01"), Genre: code("GENR01"),
			Address: &annuaire.Address{Department: code("69"), Region: code("84")}}},
	}
	labelPerson(&p)
	pr, a := p.Practices[0], p.Activities[0]
	for name, c := range map[string]annuaire.Coded{"profession": pr.Profession, "category": pr.Category, "savoir-faire": pr.Specialties[0].Coded,
		"diploma": pr.Diplomas[0].Coded, "authorisation": pr.Authorisations[0].Type, "mode": a.Mode, "sector": a.Sector, "section": a.Section,
		"role": a.Role, "genre": a.Genre} {
		if c.Label == "" || c.Label == c.Code {
			t.Errorf("%s %s is labelled %q", name, c.Code, c.Label)
		}
	}
	if pr.Profession.Label != "Infirmier" || a.Address.Department.Label != "Rhône" || a.Address.Region.Label != "Auvergne-Rhône-Alpes" {
		t.Error(pr.Profession, a.Address)
	}
	if pr.Authorisations[0].Discipline.Label != "?" {
		t.Error("an unknown code without a label does not stand for itself:", pr.Authorisations[0].Discipline)
	}
}

func TestLabelRules(t *testing.T) {
	for name, c := range map[string]struct{ stored, want annuaire.Coded }{
		"the nomenclature's label":        {annuaire.Coded{Code: "L", Label: "Autre"}, annuaire.Coded{Code: "L", Label: "Libéral"}},
		"else the extract's":              {annuaire.Coded{Code: "Z", Label: "Nouveau mode"}, annuaire.Coded{Code: "Z", Label: "Nouveau mode"}},
		"else the code":                   {code("Z"), annuaire.Coded{Code: "Z", Label: "Z"}},
		"nothing for what is not stated":  {code(""), code("")},
		"nothing from a label on its own": {annuaire.Coded{Label: "x"}, annuaire.Coded{Label: "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := annuaire.Professional{Activities: []annuaire.Activity{{Mode: c.stored}}}
			labelPerson(&p)
			got := p.Activities[0].Mode
			if got.Code != c.want.Code || name != "the nomenclature's label" && got.Label != c.want.Label || got.Label == "Autre" {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestLabelsOfPlaces(t *testing.T) {
	s := annuaire.Structure{Sector: code("SA01")}
	labelStructure(&s)
	m := annuaire.Mailbox{Profession: code("10"), Attachments: []annuaire.Attachment{{}, {Address: &annuaire.Address{Department: code("2A"), Region: code("94")}}}}
	labelMailbox(&m)
	if s.Sector.Label == "" || m.Profession.Label != "Médecin" || m.Attachments[1].Address.Department.Label != "Corse-du-Sud" {
		t.Error(s, m)
	}
}

// The labels reach whoever asks: of facets too, through a search.
func TestFacetsAreLabelled(t *testing.T) {
	page, err := loaded(t).SearchProfessionals(ctx, annuaire.Query{Facets: []annuaire.Field{annuaire.FieldDepartment}})
	if err != nil || len(page.Facets[annuaire.FieldDepartment]) != 1 || page.Facets[annuaire.FieldDepartment][0].Label != "Lozère" {
		t.Error(page.Facets, err)
	}
}
