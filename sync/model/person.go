package model

import (
	"cmp"
	"slices"

	"annuaire"
	"annuaire/internal/nomenclature"
	"annuaire/sync/extract"
)

// Rows is all that the PS files say about one person. Sites are the structures of Activities, in the same order, settled; nil
// for a row without structure.
type Rows struct {
	Activities []extract.ActivityRow
	Sites      []*annuaire.Structure
	Skills     []extract.SkillRow
	Diplomas   []extract.DiplomaRow
}

// Person builds the professional. Savoir-faire of both files are united in the practice they name, which is created where no
// activity row has it. Dipl_AutExerc names no practice: diplomas and authorisations stand in the first one, by profession and
// category.
func Person(id string, rows Rows) annuaire.Professional {
	p := annuaire.Professional{ID: id}
	identity(&p, rows.Activities)
	b := practices{}
	for i := range rows.Activities {
		a := &rows.Activities[i]
		pr := b.of(a.Profession, a.Category)
		addSpecialty(pr, a.SkillType, a.Skill)
		if act, ok := activity(a, rows.Sites[i]); ok {
			p.Activities = append(p.Activities, act)
		}
	}
	for _, s := range rows.Skills {
		addSpecialty(b.of(s.Profession, s.Category), s.SkillType, s.Skill)
	}
	p.Practices = b.sorted()
	if len(p.Practices) > 0 {
		for i := range rows.Diplomas {
			addDiploma(&p.Practices[0], &rows.Diplomas[i])
		}
		sortDiplomas(&p.Practices[0])
	}
	slices.SortFunc(p.Activities, func(a, b annuaire.Activity) int { return cmp.Or(compareActivities(a, b), compareLabels(b, a)) })
	p.Activities = slices.CompactFunc(p.Activities, func(a, b annuaire.Activity) bool { return compareActivities(a, b) == 0 })
	return p
}

// identity settles the names and civilities, which every row repeats.
func identity(p *annuaire.Professional, rows []extract.ActivityRow) {
	same := true
	for i := range rows {
		a, b := &rows[i], &rows[0]
		same = same && a.Family == b.Family && a.Given == b.Given && a.Civility.Code == b.Civility.Code && a.Title.Code == b.Title.Code
	}
	if same {
		p.Family, p.Given, p.Civility, p.Title = rows[0].Family, rows[0].Given, rows[0].Civility.Code, rows[0].Title.Code
		return
	}
	family, given, civility, title := votes{}, votes{}, votes{}, votes{}
	for i := range rows {
		family.add(rows[i].Family, 1)
		given.add(rows[i].Given, 1)
		civility.add(rows[i].Civility.Code, 1)
		title.add(rows[i].Title.Code, 1)
	}
	p.Family, p.Given, p.Civility, p.Title = family.settle(), given.settle(), civility.settle(), title.settle()
}

// activity returns the activity of a row, ok false for a row that states only a practice.
func activity(a *extract.ActivityRow, site *annuaire.Structure) (annuaire.Activity, bool) {
	act := annuaire.Activity{
		Profession: a.Profession.Code, Category: a.Category.Code,
		Mode:      coded(nomenclature.Mode, a.Mode),
		Sector:    coded(nomenclature.Sector, a.Sector),
		Section:   coded(nomenclature.Section, a.Section),
		Role:      coded(nomenclature.Role, a.Role),
		Genre:     coded(nomenclature.Genre, a.Genre),
		Authority: a.Authority,
	}
	if site != nil {
		act.Structure, act.Address, act.Phones = site.Ref(), site.Address, site.Phones
	}
	stated := site != nil || act.Mode.Code != "" || act.Sector.Code != "" || act.Section.Code != "" || act.Role.Code != "" || act.Genre.Code != ""
	return act, stated
}

// compareActivities is the order in which activities are kept, and tells apart those that differ in anything but what their
// structure says, which is the same for both.
func compareActivities(a, b annuaire.Activity) int {
	return cmp.Or(
		cmp.Compare(a.Profession, b.Profession), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Mode.Code, b.Mode.Code),
		cmp.Compare(siteOf(a), siteOf(b)), cmp.Compare(a.Sector.Code, b.Sector.Code), cmp.Compare(a.Section.Code, b.Section.Code),
		cmp.Compare(a.Role.Code, b.Role.Code), cmp.Compare(a.Genre.Code, b.Genre.Code), cmp.Compare(a.Authority, b.Authority))
}

// compareLabels puts in order the same activity under several labels of codes that the nomenclature does not know: the greatest
// is kept.
func compareLabels(a, b annuaire.Activity) int {
	return cmp.Or(cmp.Compare(a.Mode.Label, b.Mode.Label), cmp.Compare(a.Sector.Label, b.Sector.Label),
		cmp.Compare(a.Section.Label, b.Section.Label), cmp.Compare(a.Role.Label, b.Role.Label), cmp.Compare(a.Genre.Label, b.Genre.Label))
}

func siteOf(a annuaire.Activity) string {
	if a.Structure == nil {
		return ""
	}
	return a.Structure.ID
}
