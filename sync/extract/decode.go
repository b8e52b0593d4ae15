package extract

import "annuaire"

// Holder is who a row is about.
type Holder struct {
	NationalID string // upper case; "" only for a mailbox without holder
	IDType     string // TRE_G08
	ID         string
	Family     string // nom d'exercice, as in the file
	Given      string // prénom d'exercice, as in the file; may be empty
}

// ActivityRow is a row of Personne_activite. All that belongs to an activity is empty for someone without one.
type ActivityRow struct {
	Holder
	Title, Civility                    annuaire.Coded // civilité d'exercice, civilité
	Profession, Category               annuaire.Coded
	SkillType, Skill                   annuaire.Coded
	Mode, Sector, Section, Role, Genre annuaire.Coded
	Authority                          string // three slash-separated parts
	Structure                          StructureRow
	Address                            AddressRow // of the structure
	Phone, Phone2, Fax, Email          string     // as in the file, of the structure: see NormalisePhone and SplitEmails
}

// StructureRow is what a row says of a structure. FINESS numbers are upper case without their leading F, SIRET and SIREN are
// digits; none is padded or checked, leading zeros stay.
type StructureRow struct {
	ID, FormerID, FINESS, FINESSEJ, SIREN, SIRET, Name, TradeName string
}

// AddressRow is a postal address as in the file: in Personne_activite that of a structure, in Correspondance_MSSante that of a
// mailbox (AFNOR lines 2 to 6).
type AddressRow struct {
	Recipient, Point  string // complément destinataire (L2), point géographique (L3)
	Number, Repeat    string // of the street; not always a number
	WayType           annuaire.Coded
	Way, Distribution string // libellé voie, mention distribution (L5)
	Bureau            string // the whole last line (L6), with or without CEDEX
	PostalCode        string // may be that of a CEDEX, or foreign
	Commune           annuaire.Coded
	Department        annuaire.Coded
	Country           annuaire.Coded
}

// SkillRow is a row of SavoirFaire.
type SkillRow struct {
	Holder
	Profession, Category, SkillType, Skill annuaire.Coded
}

// DiplomaRow is a row of Dipl_AutExerc: a diploma, an authorisation, or both.
type DiplomaRow struct {
	Holder
	DiplomaType, Diploma, AuthorisationType, Discipline annuaire.Coded
}

// values reads the columns of a row as strings that share one allocation. They keep the whole row (some 350 bytes) in memory:
// a caller that keeps few of them for long clones those.
type values struct {
	r *Row
	s string
}

func (r *Row) values() values { return values{r, string(r.text)} }

func (v values) get(c Col) string {
	i := v.r.table.layout.pos[c]
	if i < 0 {
		return ""
	}
	lo, hi := v.r.span(int(i))
	return v.s[lo:hi]
}

func (v values) coded(code, label Col) annuaire.Coded {
	return annuaire.Coded{Code: v.get(code), Label: v.get(label)}
}

func (v values) holder() Holder {
	h := Holder{IDType: v.get(ColIDType), ID: v.get(ColID), NationalID: v.get(ColNationalID), Family: v.get(ColFamily), Given: v.get(ColGiven)}
	if !upperOnly(h.NationalID) || h.NationalID == "" {
		h.NationalID = IDOf(v.r.key)
	}
	return h
}

// Activity decodes a row of Personne_activite.
func (r *Row) Activity() ActivityRow {
	v := r.values()
	return ActivityRow{
		Holder:     v.holder(),
		Title:      v.coded(ColTitle, ColTitleLabel),
		Civility:   v.coded(ColCivility, ColCivilityLabel),
		Profession: v.coded(ColProfession, ColProfessionLabel),
		Category:   v.coded(ColCategory, ColCategoryLabel),
		SkillType:  v.coded(ColSkillType, ColSkillTypeLabel),
		Skill:      v.coded(ColSkill, ColSkillLabel),
		Mode:       v.coded(ColMode, ColModeLabel),
		Sector:     v.coded(ColSector, ColSectorLabel),
		Section:    v.coded(ColSection, ColSectionLabel),
		Role:       v.coded(ColRole, ColRoleLabel),
		Genre:      v.coded(ColGenre, ColGenreLabel),
		Authority:  v.get(ColAuthority),
		Structure: StructureRow{
			ID: v.get(ColStructureID), FormerID: v.get(ColFormerID),
			FINESS: cleanFINESS(v.get(ColFINESS)), FINESSEJ: cleanFINESS(v.get(ColFINESSEJ)),
			SIREN: digits(v.get(ColSIREN)), SIRET: digits(v.get(ColSIRET)),
			Name: v.get(ColStructureName), TradeName: v.get(ColTradeName),
		},
		Address: v.address(),
		Phone:   v.get(ColPhone), Phone2: v.get(ColPhone2), Fax: v.get(ColFax), Email: v.get(ColEmail),
	}
}

func (v values) address() AddressRow {
	return AddressRow{
		Recipient: v.get(ColRecipient), Point: v.get(ColPoint), Number: v.get(ColNumber), Repeat: v.get(ColRepeat),
		WayType: v.coded(ColWayType, ColWayTypeLabel), Way: v.get(ColWay), Distribution: v.get(ColDistribution),
		Bureau: v.get(ColBureau), PostalCode: v.get(ColPostalCode), Commune: v.coded(ColCommune, ColCommuneLabel),
		Department: v.coded(ColDepartment, ColDepartmentLabel), Country: v.coded(ColCountry, ColCountryLabel),
	}
}

// Skill decodes a row of SavoirFaire.
func (r *Row) Skill() SkillRow {
	v := r.values()
	return SkillRow{
		Holder:     v.holder(),
		Profession: v.coded(ColProfession, ColProfessionLabel),
		Category:   v.coded(ColCategory, ColCategoryLabel),
		SkillType:  v.coded(ColSkillType, ColSkillTypeLabel),
		Skill:      v.coded(ColSkill, ColSkillLabel),
	}
}

// Diploma decodes a row of Dipl_AutExerc.
func (r *Row) Diploma() DiplomaRow {
	v := r.values()
	return DiplomaRow{
		Holder:            v.holder(),
		DiplomaType:       v.coded(ColDiplomaType, ColDiplomaTypeLabel),
		Diploma:           v.coded(ColDiploma, ColDiplomaLabel),
		AuthorisationType: v.coded(ColAuthorisationType, ColAuthorisationTypeLabel),
		Discipline:        v.coded(ColDiscipline, ColDisciplineLabel),
	}
}
