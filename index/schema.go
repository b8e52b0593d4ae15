package index

import (
	"annuaire"
	"annuaire/internal/nomenclature"
)

// spec says how a logical field is searched.
type spec struct {
	field  string             // bleve field
	kind   byte               // of its code terms; 0 for a text field
	table  nomenclature.Table // whose codes and labels are accepted; "" when values are taken as they are
	person bool               // about the person, on the head; otherwise about a situation
	rank   int
	known  byte // kindPresent or kindAbsent, where documents with or without a value say so; 0: its terms are scanned
}

// schema is the fields that one kind of record answers to.
type schema map[annuaire.Field]spec

// peopleSchema is about people and their situations.
var peopleSchema = schema{
	annuaire.FieldID:         {field: fieldID, person: true, rank: rankOne},
	annuaire.FieldName:       {field: fieldFamily, person: true, rank: rankName},
	annuaire.FieldFamily:     {field: fieldFamily, person: true, rank: rankName},
	annuaire.FieldGiven:      {field: fieldGiven, person: true, rank: rankName},
	annuaire.FieldMailbox:    {field: fieldBoxes, kind: kindMailbox, person: true, rank: rankOne},
	annuaire.FieldHasMailbox: {field: fieldBoxes, kind: kindHasMailbox, person: true, rank: rankBroad},
	annuaire.FieldProfession: {field: fieldPractice, kind: kindProfession, table: nomenclature.Profession, rank: rankBroad},
	annuaire.FieldCategory:   {field: fieldPractice, kind: kindCategory, table: nomenclature.Category, rank: rankBroad},
	annuaire.FieldSpecialty:  {field: fieldPractice, kind: kindSpecialty, table: nomenclature.Skill, rank: rankPlace},
	annuaire.FieldMode:       {field: fieldActivity, kind: kindMode, table: nomenclature.Mode, rank: rankBroad},
	annuaire.FieldSector:     {field: fieldActivity, kind: kindSector, table: nomenclature.Sector, rank: rankBroad},
	annuaire.FieldRole:       {field: fieldActivity, kind: kindRole, table: nomenclature.Role, rank: rankBroad},
	annuaire.FieldSection:    {field: fieldActivity, kind: kindSection, table: nomenclature.Section, rank: rankBroad},
	annuaire.FieldSetting:    {field: fieldActivity, kind: kindSector, table: nomenclature.Setting, rank: rankBroad},
	annuaire.FieldStructure:  {field: fieldStructure, rank: rankWords},
	annuaire.FieldStructID:   {field: fieldStructIDs, kind: kindStructure, rank: rankOne, known: kindAbsent},
	annuaire.FieldFINESS:     {field: fieldStructIDs, kind: kindFINESS, rank: rankOne, known: kindPresent},
	annuaire.FieldSIRET:      {field: fieldStructIDs, kind: kindSIRET, rank: rankOne, known: kindPresent},
	annuaire.FieldSIREN:      {field: fieldStructIDs, kind: kindSIREN, rank: rankOne, known: kindPresent},
	annuaire.FieldPhone:      {field: fieldStructIDs, kind: kindPhone, rank: rankOne, known: kindPresent},
	annuaire.FieldStreet:     {field: fieldStreet, rank: rankWords},
	annuaire.FieldCity:       {field: fieldCity, rank: rankPlace},
	annuaire.FieldPostalCode: {field: fieldPlace, kind: kindPostal, rank: rankPlace},
	annuaire.FieldINSEE:      {field: fieldPlace, kind: kindINSEE, rank: rankPlace, known: kindAbsent},
	annuaire.FieldDepartment: {field: fieldPlace, kind: kindDepartment, rank: rankBroad},
	annuaire.FieldRegion:     {field: fieldPlace, kind: kindRegion, rank: rankBroad},
}

// structureSchema is about structures.
var structureSchema = peopleSchema.only(annuaire.FieldStructure, annuaire.FieldStructID, annuaire.FieldFINESS, annuaire.FieldSIRET,
	annuaire.FieldSIREN, annuaire.FieldPhone, annuaire.FieldStreet, annuaire.FieldCity, annuaire.FieldPostalCode, annuaire.FieldINSEE,
	annuaire.FieldDepartment, annuaire.FieldRegion, annuaire.FieldSector, annuaire.FieldSetting)

// mailboxSchema is about mailboxes: their holder as their record states it, and the structures they are attached to.
var mailboxSchema = peopleSchema.only(annuaire.FieldName, annuaire.FieldFamily, annuaire.FieldGiven, annuaire.FieldMailbox,
	annuaire.FieldProfession, annuaire.FieldStructure, annuaire.FieldFINESS, annuaire.FieldSIRET, annuaire.FieldStreet,
	annuaire.FieldCity, annuaire.FieldPostalCode, annuaire.FieldINSEE, annuaire.FieldDepartment, annuaire.FieldRegion)

func init() {
	// The id of a structure is its technical id; that of a mailbox criterion is its holder's IdNatPP.
	structureSchema[annuaire.FieldID] = structureSchema[annuaire.FieldStructID]
	mailboxSchema[annuaire.FieldID] = spec{field: fieldFlat, kind: kindOwner, rank: rankOne}
	mailboxSchema[annuaire.FieldDescription] = spec{field: fieldRest, rank: rankWords}
	mailboxSchema[annuaire.FieldKind] = spec{field: fieldFlat, kind: kindBoxKind, table: nomenclature.MailboxKind, rank: rankBroad}
}

// only keeps some fields of s, all about the one situation that a flat document is.
func (s schema) only(fields ...annuaire.Field) schema {
	out := make(schema, len(fields))
	for _, f := range fields {
		sp := s[f]
		sp.person = false
		out[f] = sp
	}
	return out
}
