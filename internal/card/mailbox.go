package card

import (
	"strings"

	"annuaire"
)

// Mailbox renders a published box. holder is its first holder's record, nil where there is none; next are the other boxes of that
// holder that come after this one, in order of preference. Labels must be resolved.
func Mailbox(m *annuaire.Mailbox, holder *annuaire.Professional, next []string) Card {
	b := New(annuaire.BookMailboxes, m.Address)
	b.Add(Mail, m.Address).Add(SecondEmail, next...).Add(TelephoneNumber, m.Phone).Add(Description, m.Description).Add(TypeBAL, string(m.Kind)).Add(C, "FR")
	b.mailboxNames(m, holder)
	for _, o := range m.Owners {
		b.person(o)
	}
	var all []annuaire.Activity
	if holder != nil {
		b.practices(holder)
		all = liberalFirst(holder.Activities)
	} else if m.Profession.Code != "" {
		b.Add(Title, m.Profession.Label).Add(Profession, m.Profession.Code).Add(CodeProfession, m.Profession.Code)
	}
	for i := range m.Attachments {
		b.attachment(&m.Attachments[i])
	}
	for i := range all {
		a := &all[i]
		switch own := attachedTo(m, a.Structure); {
		case own:
			b.Add(TelephoneNumber, a.Phones...)
		case len(m.Attachments) == 0:
			b.activity(a)
		}
	}
	return b.Card()
}

// mailboxNames: a personal box has the name of its holder, another that of the service, else of the structure.
func (b *Builder) mailboxNames(m *annuaire.Mailbox, holder *annuaire.Professional) {
	family, given := m.Family, m.Given
	if holder != nil {
		family, given = holder.Family, holder.Given
		b.Add(PersonalTitle, holder.Title, holder.Civility)
	}
	if m.Kind != annuaire.KindPER {
		if name := placeName(m.Attachments); name != "" {
			family, given = name, ""
		}
	}
	if family == "" && given == "" { // cn and sn are mandatory (RFC 4519, 3.12)
		family, _, _ = strings.Cut(m.Address, "@")
	}
	b.named(family, given)
}

// placeName is the service, else the name of the structure.
func placeName(all []annuaire.Attachment) string {
	for _, a := range all {
		if a.Service != "" {
			return a.Service
		}
	}
	for _, a := range all {
		if a.Name != "" {
			return a.Name
		}
		if a.TradeName != "" {
			return a.TradeName
		}
	}
	return ""
}

func (b *Builder) attachment(a *annuaire.Attachment) {
	b.Add(O, a.Name, a.TradeName).Add(OU, a.Service)
	if id, kind := structureID(a.ID); id != "" {
		b.Add(TypeIdentifiantPM, kind).Add(IdentifiantPM, id)
	}
	b.address(a.Address)
}

// structureID tells what the identifier of a structure is, by its length: the files write it with or without the type digit of
// TRE_G07 before it.
func structureID(id string) (number, kind string) {
	id = strings.ReplaceAll(id, " ", "")
	switch {
	case len(id) == 9 || len(id) == 10 && (id[0] == '1' || id[0] == 'F'):
		if len(id) == 10 {
			id = id[1:]
		}
		return id, "FINESS"
	case len(id) == 14 || len(id) == 15 && id[0] == '3':
		return id[len(id)-14:], "SIRET"
	case len(id) == 10 && id[0] == '2':
		return id[1:], "SIREN"
	}
	return id, ""
}

// attachedTo reports whether a box belongs to a structure.
func attachedTo(m *annuaire.Mailbox, s *annuaire.StructureRef) bool {
	if s == nil {
		return false
	}
	for _, a := range m.Attachments {
		if id, _ := structureID(a.ID); id != "" && (id == s.FINESS || id == s.SIRET || id == s.SIREN || id == s.FINESSEJ) {
			return true
		}
	}
	return false
}
