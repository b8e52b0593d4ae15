// Package annuaire is the domain of the Annuaire Santé directory: French health professionals, where they practise, the
// structures that employ them and the secure mailboxes (BAL MSSanté) at which to write to them.
//
// It holds types, the one query tree (Expr), the one list of error codes (Error) and the rules on identifiers; it imports
// the standard library only and knows no file format, database, protocol or clock. Adapters below it (sync/extract,
// internal/store, index, api, ldapd) speak to each other in these types and do not know each other.
//
// Codes are the truth and labels are display: a Coded value keeps the nomenclature code, and its label is resolved when the
// value is shown.
package annuaire
