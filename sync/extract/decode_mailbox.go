package extract

import (
	"strings"

	"annuaire"
)

// MailboxRow is a row of Correspondance_MSSante. A mailbox attached to several structures has several rows.
type MailboxRow struct {
	Holder                    // empty for a box of a service or a software
	Kind               string // TRE_R257, upper case: PER, ORG, APP, CAB
	Address            string // lower case
	Title              string // civilité d'exercice: a code or a label, the file has one column for both
	Category           annuaire.Coded
	Profession         annuaire.Coded
	Skill              annuaire.Coded
	Paperless          *bool  // dématérialisation; nil when not stated, or stated in a way not known
	Service            string // service de rattachement
	StructureIDType    string // TRE_G07-like, as in the file
	StructureID        string // as in the file
	StructureName      string
	StructureTradeName string
	Postal             AddressRow // of the structure
}

// Mailbox decodes a row of Correspondance_MSSante.
func (r *Row) Mailbox() MailboxRow {
	v := r.values()
	return MailboxRow{
		Holder:             v.holder(),
		Kind:               strings.ToUpper(v.get(ColBoxKind)),
		Address:            strings.ToLower(v.get(ColAddress)),
		Title:              v.get(ColTitleLabel),
		Category:           v.coded(ColCategory, ColCategoryLabel),
		Profession:         v.coded(ColProfession, ColProfessionLabel),
		Skill:              v.coded(ColSkill, ColSkillLabel),
		Paperless:          parseBool(v.get(ColPaperless)),
		Service:            v.get(ColService),
		StructureIDType:    v.get(ColStructureIDType),
		StructureID:        v.get(ColStructureID),
		StructureName:      v.get(ColStructureName),
		StructureTradeName: v.get(ColTradeName),
		Postal:             v.address(),
	}
}
