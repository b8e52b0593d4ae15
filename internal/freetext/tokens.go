package freetext

import (
	"strings"

	"annuaire/internal/names"
)

// maxWords is how many folded words of a text are used.
const maxWords = 12

// token is a folded word, and the typed piece it is of.
type token struct {
	word  string
	typed string
	piece int // its number: two pieces may be alike
}

// whole reports whether the tokens from from to end are whole pieces, an elided article apart: "l'Isle-Adam" is, of "Marie-Claire" neither
// word alone is.
func whole(tokens []token, from, end int) bool {
	for from > 0 && tokens[from-1].piece == tokens[from].piece {
		if from--; !stops[tokens[from].word] {
			return false
		}
	}
	return end == len(tokens) || tokens[end].piece != tokens[end-1].piece
}

// tokenise cuts a text; more are the typed words that are too many.
func tokenise(text string) (out []token, more []string) {
	for piece, typed := range grouped(pieces(text)) {
		words := strings.Fields(names.Fold(typed))
		if strings.Contains(typed, "@") { // an address is one word
			words = []string{strings.ToLower(typed)}
		} else if n := strings.Join(words, ""); len(words) > 1 && len(n) >= minNumber && names.Digits(n) { // so is a number
			words = []string{n}
		}
		if len(out)+len(words) > maxWords {
			more = append(more, typed)
			continue
		}
		for _, w := range words {
			out = append(out, token{w, typed, piece})
		}
	}
	return out, more
}

// minNumber is how many digits the shortest identifier has.
const minNumber = 9

// pieces cuts a text at spaces, and after a title that a point glues to a name: "Dr.Dupont".
func pieces(text string) (out []string) {
	for _, typed := range strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == ',' || r == ';' || r == '\t' || r == '\n' || r == '(' || r == ')'
	}) {
		title, name, glued := strings.Cut(typed, ".")
		if first, _, _ := strings.Cut(names.Fold(name), " "); glued && titles[names.Fold(title)] && len(first) > 1 && !strings.Contains(name, "@") {
			out = append(out, title)
			typed = name
		}
		out = append(out, typed)
	}
	return out
}

// minGroups and maxGroups are how many groups of digits make a number: two may be postal codes.
const (
	minGroups = 3
	maxGroups = 6
)

// grouped puts numbers together that were typed in groups of digits: a telephone number, a SIRET among other words.
func grouped(pieces []string) (out []string) {
	for i := 0; i < len(pieces); {
		n := 0
		for i+n < len(pieces) && n < maxGroups && names.Digits(strings.TrimPrefix(pieces[i+n], "+")) {
			n++
		}
		for ; n >= minGroups; n-- {
			said := strings.Join(pieces[i:i+n], " ")
			if _, ok := number(said, strings.Join(pieces[i:i+n], ""), People); ok {
				break
			}
		}
		if n < minGroups {
			n = 1
		}
		out = append(out, strings.Join(pieces[i:i+n], " "))
		i += n
	}
	return out
}

// folded returns the words of tokens.
func folded(tokens []token) string {
	w := make([]string, len(tokens))
	for i, t := range tokens {
		w[i] = t.word
	}
	return strings.Join(w, " ")
}

// typed returns what was typed for tokens.
func typed(tokens []token) string {
	var out []string
	for i, t := range tokens {
		if i == 0 || t.piece != tokens[i-1].piece {
			out = append(out, t.typed)
		}
	}
	return strings.Join(out, " ")
}

// articles are stops that end the names of some.
var articles = map[string]bool{"du": true, "des": true, "la": true, "le": true, "les": true}

// stops carry nothing alone; inside a name they belong to it.
var stops = map[string]bool{"de": true, "du": true, "des": true, "la": true, "le": true, "les": true, "l": true, "d": true, "a": true, "au": true, "aux": true,
	"en": true, "et": true, "chez": true, "sur": true, "sous": true, "pres": true, "dans": true, "pour": true, "avec": true, "un": true, "une": true}
