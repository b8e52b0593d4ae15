package freetext

import "annuaire/internal/names"

// Lookup returns the everyday word that a text is, folded, in the singular or the plural.
func Lookup(text string) (Word, bool) {
	w, ok := tables().phrase(names.Fold(text))
	if !ok {
		return Word{}, false
	}
	return *w, true
}
