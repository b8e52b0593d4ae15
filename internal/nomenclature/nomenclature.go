package nomenclature

// Table names a nomenclature.
type Table string

// The tables, with the TRE of the NOS each comes from.
const (
	Profession        Table = "profession"         // TRE_G15, R94, R95, R291
	Category          Table = "category"           // TRE_R09
	SkillType         Table = "skill_type"         // TRE_R04
	Skill             Table = "skill"              // TRE_R38, R39, R40, R44: savoir-faire
	Mode              Table = "mode"               // TRE_R23
	Sector            Table = "sector"             // TRE_R02
	Section           Table = "section"            // TRE_R06 and G05, pharmacists
	Role              Table = "role"               // TRE_R21
	Genre             Table = "genre"              // TRE_R22
	Civility          Table = "civility"           // TRE_R81
	Title             Table = "title"              // TRE_R11, civilité d'exercice
	DiplomaType       Table = "diploma_type"       // TRE_R14
	Diploma           Table = "diploma"            // JDV_J105
	AuthorisationType Table = "authorisation_type" // TRE_R17
	Discipline        Table = "discipline"         // TRE_R18
	StructureIDType   Table = "structure_id_type"  // TRE_G07
	PersonIDType      Table = "person_id_type"     // TRE_G08
	MailboxKind       Table = "mailbox_kind"       // TRE_R257
	Setting           Table = "setting"            // ours: ville, hopital
)

var allTables = [...]Table{
	Profession, Category, SkillType, Skill, Mode, Sector, Section, Role, Genre, Civility, Title, DiplomaType, Diploma,
	AuthorisationType, Discipline, StructureIDType, PersonIDType, MailboxKind, Setting,
}
