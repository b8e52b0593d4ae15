package filter

import (
	"annuaire"
	"annuaire/internal/card"
)

// fields is the logical field in which the index finds the values of an attribute. What is not here is not indexed.
var fields = map[card.Attr]annuaire.Field{
	card.CN: annuaire.FieldName, card.DisplayName: annuaire.FieldName, card.SN: annuaire.FieldFamily, card.GivenName: annuaire.FieldGiven,
	card.Mail: annuaire.FieldMailbox, card.SecondEmail: annuaire.FieldMailbox,
	card.O: annuaire.FieldStructure, card.OU: annuaire.FieldStructure,
	card.Title: annuaire.FieldTitle, card.Specialite: annuaire.FieldTitle, card.PersonalTitle: annuaire.FieldTitle,
	card.Description: annuaire.FieldDescription,
	card.L:           annuaire.FieldCity, card.Street: annuaire.FieldStreet, card.PostalAddress: annuaire.FieldStreet, card.PostalCode: annuaire.FieldPostalCode,
	card.Departement: annuaire.FieldDepartment, card.ST: annuaire.FieldRegion,
	card.Profession: annuaire.FieldProfession, card.CodeProfession: annuaire.FieldProfession, card.CodeSpecialite: annuaire.FieldSpecialty,
	card.IdNatPP: annuaire.FieldID, card.IdentifiantPP: annuaire.FieldID, card.UID: annuaire.FieldID,
	card.IdentifiantPM: annuaire.FieldStructID, card.FINESS: annuaire.FieldStructID, card.SIRET: annuaire.FieldStructID, card.SIREN: annuaire.FieldStructID,
	card.TelephoneNumber: annuaire.FieldPhone, card.TypeBAL: annuaire.FieldKind,
}

// fieldOf returns the field of an attribute in a book, "" where the index cannot tell.
func fieldOf(book annuaire.Book, a card.Attr) annuaire.Field {
	switch {
	case book == annuaire.BookStructures && a == card.UID:
		return annuaire.FieldStructID
	case book == annuaire.BookPeople && a == card.PersonalTitle, // there, titles are found by the labels of professions
		book == annuaire.BookStructures && a == card.Description: // the sector
		return ""
	}
	return fields[a]
}

// wordly reports whether a field is looked for by words: signs alone say nothing about it.
func wordly(f annuaire.Field) bool { return f != annuaire.FieldMailbox && f != annuaire.FieldPhone }
