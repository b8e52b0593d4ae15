package names

import "strings"

// Full returns a folded word in full that envelopes abbreviate, another one as it is: Saint, with its feminine and plurals.
func Full(word string) string {
	switch word {
	case "st":
		return "saint"
	case "ste":
		return "sainte"
	case "sts":
		return "saints"
	case "stes":
		return "saintes"
	}
	return word
}

// Singular takes the s off the end of the words of a folded text: "medecins", "sages femmes", "urgences".
func Singular(folded string) string {
	words := strings.Split(folded, " ")
	for i, w := range words {
		if len(w) > 3 {
			words[i] = strings.TrimSuffix(w, "s")
		}
	}
	return strings.Join(words, " ")
}

// Digits reports whether a word is of digits only, one at least.
func Digits(word string) bool {
	for i := range len(word) {
		if word[i] < '0' || word[i] > '9' {
			return false
		}
	}
	return word != ""
}
