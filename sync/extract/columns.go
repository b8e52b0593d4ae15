package extract

// Col names a column by what it holds. The same meaning has the same Col in every extract.
type Col uint8

// The columns. Codes come with labels, which are for display only.
const (
	ColIDType     Col = iota // TRE_G08: 8 RPPS, 0 ADELI
	ColID                    // without its type
	ColNationalID            // type + identifier
	ColTitle                 // civilité d'exercice, TRE_R11
	ColTitleLabel
	ColCivility // TRE_R81
	ColCivilityLabel
	ColFamily     // nom d'exercice
	ColGiven      // prénom d'exercice
	ColProfession // TRE_G15, R94, R95, R291
	ColProfessionLabel
	ColCategory // TRE_R09
	ColCategoryLabel
	ColSkillType // TRE_R04
	ColSkillTypeLabel
	ColSkill
	ColSkillLabel
	ColMode // TRE_R23
	ColModeLabel
	ColSIRET
	ColSIREN
	ColFINESS   // site
	ColFINESSEJ // legal entity
	ColStructureID
	ColStructureName // raison sociale
	ColTradeName     // enseigne commerciale
	ColRecipient     // complément destinataire; L2
	ColPoint         // complément point géographique; L3
	ColNumber
	ColRepeat // indice de répétition
	ColWayType
	ColWayTypeLabel
	ColWay
	ColDistribution // mention distribution; L5
	ColBureau       // "Bureau cedex": the whole last line of the address, cedex or not; L6
	ColPostalCode
	ColCommune // INSEE
	ColCommuneLabel
	ColCountry
	ColCountryLabel
	ColPhone
	ColPhone2
	ColFax
	ColEmail
	ColDepartment
	ColDepartmentLabel
	ColFormerID
	ColAuthority
	ColSector // TRE_R02
	ColSectorLabel
	ColSection // TRE_R06
	ColSectionLabel
	ColRole // TRE_R21, R85, R96
	ColRoleLabel
	ColGenre // TRE_R22
	ColGenreLabel
	ColDiplomaType
	ColDiplomaTypeLabel
	ColDiploma
	ColDiplomaLabel
	ColAuthorisationType
	ColAuthorisationTypeLabel
	ColDiscipline
	ColDisciplineLabel
	ColBoxKind // TRE_R257
	ColAddress // of the mailbox
	ColStructureIDType
	ColService
	ColPaperless // dématérialisation
	numCols
)

// column is what a file calls a Col.
type column struct {
	col      Col
	name     string // as the ANS writes it today
	required bool
	variants []string // other names under which it has been seen
}

// Whether the lack of a column refuses the file.
const (
	must = true
	may  = false
)

// schema returns the columns of an extract in their order of today.
func schema(k Kind) []column {
	switch k {
	case Activities:
		return activityColumns
	case Skills:
		return skillColumns
	case Diplomas:
		return diplomaColumns
	case Mailboxes:
		return mailboxColumns
	}
	return nil
}

// Header returns the names of the columns of an extract as published since 2025, in order.
func Header(k Kind) []string {
	var out []string
	for _, c := range schema(k) {
		out = append(out, c.name)
	}
	return out
}
