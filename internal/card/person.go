package card

import (
	"slices"
	"strings"

	"annuaire"
)

// Person renders a person with the published boxes, preferred first. Labels must be resolved.
func Person(p *annuaire.Professional, boxes []annuaire.Mailbox) Card {
	b := New(annuaire.BookPeople, p.ID)
	b.Add(UID, p.ID).Add(PersonalTitle, p.Title, p.Civility).Add(C, "FR")
	family := p.Family
	if family == "" && p.Given == "" {
		family = p.ID // cn and sn are mandatory (RFC 4519, 3.12)
	}
	b.named(family, p.Given)
	b.person(p.ID)
	for i, m := range boxes {
		b.Add(Mail, m.Address)
		if i > 0 {
			b.Add(SecondEmail, m.Address)
		}
	}
	b.practices(p)
	for _, a := range liberalFirst(p.Activities) {
		b.activity(&a)
	}
	return b.Card()
}

// Structure renders a structure. Labels must be resolved.
func Structure(s *annuaire.Structure) Card {
	b := New(annuaire.BookStructures, s.ID)
	name := s.Name
	if name == "" {
		name = s.TradeName
	}
	if name == "" {
		name = s.ID // o is mandatory (RFC 4519, 3.10)
	}
	b.Add(UID, s.ID).Add(O, name, s.TradeName).Add(TelephoneNumber, s.Phones...).Add(Facsimile, s.Fax).Add(C, "FR")
	b.Add(FINESS, s.FINESS, s.FINESSEJ).Add(SIRET, s.SIRET).Add(SIREN, s.SIREN).Add(Description, s.Sector.Label)
	b.structureIDs(s.Ref())
	b.address(s.Address)
	return b.Card()
}

// named adds the names in both orders: clients look for words in the order in which they were typed.
func (b *Builder) named(family, given string) {
	natural := strings.TrimSpace(given + " " + family)
	b.Add(SN, family).Add(GivenName, given).Add(DisplayName, natural).Add(CN, natural, strings.TrimSpace(family+" "+given))
	if family == "" {
		b.Add(SN, given)
	}
}

// person adds the identifiers of a holder.
func (b *Builder) person(id string) {
	if id == "" {
		return
	}
	b.Add(IdNatPP, id).Add(TypeIdentifiantPP, id[:1]).Add(IdentifiantPP, id[1:])
}

func (b *Builder) practices(p *annuaire.Professional) {
	for _, pr := range p.Practices {
		title := pr.Profession.Label
		for i, s := range pr.Specialties {
			if i == 0 {
				title += " - " + s.Label
			} else {
				title += ", " + s.Label
			}
			b.Add(Specialite, s.Label).Add(CodeSpecialite, s.Code)
		}
		b.Add(Title, title).Add(Profession, pr.Profession.Code).Add(CodeProfession, pr.Profession.Code)
	}
}

// liberalFirst orders activities as the mailbox of someone who has several shows them.
func liberalFirst(all []annuaire.Activity) []annuaire.Activity {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b annuaire.Activity) int { return rank(a) - rank(b) })
	return out
}

func rank(a annuaire.Activity) int {
	if a.Mode.Code == "L" {
		return 0
	}
	return 1
}

func (b *Builder) activity(a *annuaire.Activity) {
	if s := a.Structure; s != nil {
		b.Add(O, s.Name, s.TradeName)
		b.structureIDs(s)
	}
	b.Add(TelephoneNumber, a.Phones...)
	b.address(a.Address)
}

func (b *Builder) structureIDs(s *annuaire.StructureRef) {
	for _, id := range []struct{ kind, number string }{{"FINESS", s.FINESS}, {"FINESS", s.FINESSEJ}, {"SIRET", s.SIRET}, {"SIREN", s.SIREN}} {
		if id.number != "" {
			b.Add(TypeIdentifiantPM, id.kind).Add(IdentifiantPM, id.number)
		}
	}
}

// escapeLine is the escaping of Postal Address (RFC 4517, 3.3.28).
var escapeLine = strings.NewReplacer(`\`, `\5C`, `$`, `\24`)

func (b *Builder) address(a *annuaire.Address) {
	if a == nil {
		return
	}
	lines := make([]string, 0, len(a.Lines)+1)
	for _, l := range a.Lines {
		lines = append(lines, escapeLine.Replace(l))
	}
	if last := strings.TrimSpace(a.PostalCode + " " + a.City); last != "" {
		lines = append(lines, escapeLine.Replace(last))
	}
	b.Add(Street, a.Street).Add(PostalAddress, strings.Join(lines, "$")).Add(PostalCode, a.PostalCode).Add(L, a.City)
	b.Add(ST, a.Region.Label).Add(Departement, a.Department.Label, a.Department.Code)
}
