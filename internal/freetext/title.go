package freetext

import "annuaire"

// titles say how to address somebody, not who it is.
var titles = map[string]bool{"dr": true, "docteur": true, "docteure": true, "pr": true, "professeur": true, "professeure": true, monsieur: true, "mr": true,
	"mme": true, "mlle": true, "monsieur": true, "madame": true, "mademoiselle": true, "me": true}

// Untitled returns folded words without how somebody is addressed before them; all of them where there is nothing else.
func Untitled(words []string) []string {
	for i, w := range words {
		if !titles[w] {
			return words[i:]
		}
	}
	return words
}

// monsieur is the title that may be an initial.
const monsieur = "m"

// title reports whether the word at i is how somebody is addressed, which says nothing of who it is. "M" may be the first letter of a given
// name as well: after a name, or written together with another letter, it is; before a name either may be meant, so that those who
// have it come first.
func (q *Question) title(tokens []token, i int, run []token) bool {
	t := tokens[i]
	if !titles[t.word] || len(tokens) == 1 {
		return false
	}
	if t.word != monsieur || q.target == Structures {
		return true
	}
	with := func(j int) bool {
		return j >= 0 && j < len(tokens) && tokens[j].piece == t.piece && len(tokens[j].word) == 1
	}
	if i == len(tokens)-1 || with(i-1) || with(i+1) || len(run) > 0 && !stops[run[len(run)-1].word] {
		return false
	}
	if len(run) == 0 {
		q.letter = t.word
	}
	return true
}

// letter reports whether the word at i, which may be an article without its vowel, is a letter standing alone: that of a given name.
func letter(tokens []token, i int) bool {
	t := tokens[i]
	return len(tokens) > 1 && (t.word == "d" || t.word == "l") && !(i > 0 && tokens[i-1].piece == t.piece) && !(i+1 < len(tokens) && tokens[i+1].piece == t.piece)
}

// initial puts those first whose given name begins with a letter.
func initial(letter string) annuaire.Expr {
	anyone := annuaire.Expr{Cost: costTitle}
	return annuaire.Or(annuaire.Prefix(annuaire.FieldGiven, letter), anyone)
}
