package geo

import (
	"strings"

	"annuaire/internal/names"
)

// splitLastLine splits the last line of an address into its postal code, when it begins with one, and its city. Foreign codes
// are known by the column that repeats them ("GL CHELTENHAM" with the postal code GL).
func splitLastLine(line, postalCode string) (cp, city string) {
	line = strings.TrimSpace(line)
	first, rest, _ := strings.Cut(line, " ")
	switch {
	case len(first) == 5 && names.Digits(first):
		return first, cleanCity(rest)
	case first == postalCode:
		return "", cleanCity(rest)
	}
	return "", cleanCity(line)
}

// cleanCity returns the name of a city without CEDEX and what follows it, spaces made single, and with the article that
// alphabetical lists put behind in front again: "TOUR DE SALVAGNY (LA)", "HAY LES ROSES (L')".
func cleanCity(s string) string {
	words := strings.Fields(strings.ToValidUTF8(s, " "))
	for i, w := range words {
		if i > 0 && (strings.EqualFold(w, "cedex") || strings.EqualFold(w, "cédex") || strings.EqualFold(w, "cdx")) {
			words = words[:i]
			break
		}
	}
	name := strings.Join(words, " ")
	open := strings.LastIndexByte(name, '(')
	if open <= 0 || !strings.HasSuffix(name, ")") {
		return name
	}
	article, rest := name[open+1:len(name)-1], strings.TrimSpace(name[:open])
	switch strings.ToLower(article) {
	case "la", "le", "les":
		return article + " " + rest
	case "l", "l'", "l’":
		return article[:1] + "'" + rest
	}
	return name
}

// foreign returns the COG code of a foreign country, "" for France (99000 in births and addresses alike, 99100, or nothing) and
// for what is no COG country code: an address is French unless it says otherwise.
func foreign(country string) string {
	c := strings.TrimSpace(country)
	if len(c) != 5 || !names.Digits(c) || c[:2] != "99" || c == "99000" || c == "99100" {
		return ""
	}
	return c
}
