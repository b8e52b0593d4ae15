package geo

import (
	"strings"

	"github.com/samber/lo"

	"annuaire/internal/names"
)

// key reduces the name of a place to what is compared: folded, the abbreviations of postal addresses spelt out ("st", "ste",
// "s/" for sur), and an arrondissement reduced to its number, so that "Lyon 3e Arrondissement", "lyon 3ème" and "LYON 03" are
// one key.
func key(name string) string {
	words := typed(name)
	for i, w := range words {
		words[i] = names.Full(w)
		if w == "s" && i > 0 && i < len(words)-1 { // "CHALON S/ SAONE"; no official name has a lone s
			words[i] = "sur"
		}
	}
	return strings.Join(words, " ")
}

// typed splits a text that may be unfinished into folded words, with the number of an arrondissement alone. Abbreviations
// stay: "st" also begins Strasbourg.
func typed(text string) []string {
	words := strings.Fields(names.Fold(text))
	out := words[:0]
	for _, w := range words {
		if len(out) > 0 {
			if names.Digits(out[len(out)-1]) && isArrondissement(w) {
				continue
			}
			w = ordinal(w)
		}
		out = append(out, w)
	}
	return out
}

// abbreviations are how words of a key are shortened on envelopes: the other way round than names.Full.
var abbreviations = lo.KeyBy([]string{"st", "ste", "sts", "stes"}, names.Full)

// isArrondissement reports whether w, after a number, only says what the number is of: the word or its beginning as it is
// being typed, an abbreviation, or an ordinal ending set apart.
func isArrondissement(w string) bool {
	switch w {
	case "e", "er", "ere", "eme", "ieme", "arrdt", "arrt", "ardt", "arrond":
		return true
	}
	return strings.HasPrefix("arrondissement", w)
}

// ordinal turns "3e", "3eme", "1er" and "03" into "3" and "1"; other words are returned as they are.
func ordinal(w string) string {
	n := 0
	for n < len(w) && w[n] >= '0' && w[n] <= '9' {
		n++
	}
	if n == 0 || n > 2 {
		return w
	}
	switch w[n:] {
	case "", "e", "er", "ere", "eme", "ieme", "nd", "nde":
		if d := strings.TrimLeft(w[:n], "0"); d != "" {
			return d
		}
	}
	return w
}
