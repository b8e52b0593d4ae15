package card

import "annuaire"

// Holds reports whether cards of a book can have values of an attribute. Filters on those that cannot are answered without looking.
func Holds(book annuaire.Book, a Attr) bool {
	switch book {
	case annuaire.BookMailboxes:
		switch a {
		case UID, FINESS, SIRET, SIREN, Facsimile:
			return false
		}
		return true
	case annuaire.BookPeople:
		switch a {
		case Description, TypeBAL, OU, FINESS, SIRET, SIREN, Facsimile:
			return false
		}
		return true
	}
	switch a {
	case UID, O, TelephoneNumber, Facsimile, C, FINESS, SIRET, SIREN, Description, TypeIdentifiantPM, IdentifiantPM, Street, PostalAddress, PostalCode, L, ST, Departement:
		return true
	}
	return false
}
