package extract

import "strings"

// cleanFINESS returns a FINESS number in upper case without spaces and without the letter F that some rows put before it.
// Corsican numbers (2A, 2B) keep their letter.
func cleanFINESS(s string) string {
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	return strings.TrimPrefix(s, "F")
}

// digits returns the digits of s; SIRET and SIREN come with spaces at times.
func digits(s string) string {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return keepDigits(s)
		}
	}
	return s
}

func keepDigits(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}

// upperOnly reports whether s has no ASCII lower-case letter.
func upperOnly(s string) bool {
	for i := range len(s) {
		if 'a' <= s[i] && s[i] <= 'z' {
			return false
		}
	}
	return true
}

// parseBool reads the ways a yes or no has been seen written. The literal values of Dématérialisation are documented nowhere.
func parseBool(s string) *bool {
	var b bool
	switch strings.ToLower(s) {
	case "o", "oui", "true", "vrai", "1":
		b = true
	case "n", "non", "false", "faux", "0":
	default:
		return nil
	}
	return &b
}
