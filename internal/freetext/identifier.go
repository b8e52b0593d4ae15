package freetext

import (
	"strings"

	"annuaire"
	"annuaire/internal/names"
)

// identifier reads a text that is one number or address as a whole, spaces and dots in it counting for nothing.
func identifier(text string, target Target) (span, bool) {
	t := strings.TrimSpace(text)
	if strings.Contains(t, "@") && !strings.ContainsAny(t, " ,;") {
		return leafSpan(t, annuaire.FieldMailbox, strings.ToLower(t), target != Structures)
	}
	return number(t, compact(t), target)
}

var separators = strings.NewReplacer(" ", "", ".", "", "-", "", "\u00a0", "")

// compact takes out what groups the digits of a number.
func compact(s string) string { return separators.Replace(s) }

// number reads the digits of a token, or of a whole text. The order counts: an RPPS number has 11 digits, with its type 12; nine are a
// FINESS (which may have a letter after 2) or a SIREN, ten a telephone number or a person's ADELI number.
func number(text, digits string, target Target) (span, bool) {
	person := target != Structures
	_, national := annuaire.NationalID(digits)
	switch {
	case strings.HasPrefix(digits, "+33") && len(digits) == 12 && names.Digits(digits[1:]), len(digits) == 10 && names.Digits(digits) && digits[0] == '0' && digits[1] != '0':
		return leafSpan(text, annuaire.FieldPhone, digits, target != Mailboxes)
	case len(digits) == 14 && names.Digits(digits):
		return leafSpan(text, annuaire.FieldSIRET, digits, true)
	case len(digits) == 9 && names.Digits(digits):
		s, ok := leafSpan(text, annuaire.FieldFINESS, digits, true)
		if target != Mailboxes {
			s.where = annuaire.Or(s.where, annuaire.Equals(annuaire.FieldSIREN, digits))
		}
		return s, ok
	case len(digits) == 9 && corsican(digits):
		return leafSpan(text, annuaire.FieldFINESS, strings.ToUpper(digits), true)
	case national && person && len(digits) >= 10 && names.Digits(digits):
		return leafSpan(text, annuaire.FieldID, digits, true)
	}
	return span{}, false
}

// corsican reports whether a FINESS has the letter of a département of Corsica.
func corsican(s string) bool {
	return s[0] == '2' && (s[1] == 'A' || s[1] == 'B' || s[1] == 'a' || s[1] == 'b') && names.Digits(s[2:])
}

func leafSpan(text string, f annuaire.Field, value string, ok bool) (span, bool) {
	return span{text: text, part: Part{Text: text, Field: f, Value: value}, where: annuaire.Equals(f, value),
		person: f == annuaire.FieldID || f == annuaire.FieldMailbox}, ok
}
