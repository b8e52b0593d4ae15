package index

import (
	"strings"

	"annuaire/internal/geo"
	"annuaire/internal/names"
)

// foldCity spells the abbreviations of a folded city name out, so that "ST ETIENNE" and "Saint-Étienne" are one name.
func foldCity(folded string) string {
	if !strings.Contains(folded, "st") { // nearly all names
		return folded
	}
	w := strings.Split(folded, " ")
	for i := range w {
		w[i] = names.Full(w[i])
	}
	return strings.Join(w, " ")
}

// cityNames returns the names under which a city of an address is found: as written, its commune, and the city of which the
// commune is an arrondissement.
func cityNames(city, insee string) []string {
	out := make([]string, 0, 3)
	out = append(out, city)
	if c, ok := geo.ByINSEE(insee); ok {
		out = append(out, c.Name)
		if p, ok := geo.ByINSEE(c.Parent); ok {
			out = append(out, p.Name)
		}
	}
	return out
}

// cityCodes returns the INSEE codes an address answers to: its commune, and the city of which that is an arrondissement.
func cityCodes(insee string) []string {
	if insee == "" {
		return nil
	}
	if c, ok := geo.ByINSEE(insee); ok && c.Parent != "" {
		return []string{insee, c.Parent}
	}
	return []string{insee}
}

// citiesNamed returns the INSEE codes meant by a city criterion: a code, or the communes of that name. An arrondissement whose
// city is there too is left out, since its people answer to the city.
func citiesNamed(text string) []string {
	if c, ok := geo.ByINSEE(strings.ToUpper(strings.TrimSpace(text))); ok {
		return []string{c.INSEE}
	}
	codes := geo.Cities(text)
	in := make(map[string]bool, len(codes))
	for _, c := range codes {
		in[c] = true
	}
	out := codes[:0]
	for _, code := range codes {
		if c, _ := geo.ByINSEE(code); c.Parent == "" || !in[c.Parent] {
			out = append(out, code)
		}
	}
	return out
}
