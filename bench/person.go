package main

import (
	"cmp"
	"strings"

	"annuaire/internal/geo"
	"annuaire/internal/names"
)

// subject is a row of the activity file from which the values of a question are drawn: all of them of one situation of one person,
// so that the answer is never empty. Names and words are folded, codes are as in the file.
type subject struct {
	id, family, given           string
	profession, specialty, mode string
	structure                   string // two words of the name, or ""
	postalCode, city            string
	department, region          string
}

// subjectColumns are the columns that subjectOf reads, in this order.
var subjectColumns = []string{"person", "family", "given", "profession", "specialty", "mode", "structure", "insee", "city",
	"postal_code", "last_line", "country"}

func subjectOf(cells []string) subject {
	at := geo.Locate(cells[7], cells[8], cells[9], cells[10], cells[11])
	return subject{
		id: cells[0], family: names.Fold(cells[1]), given: names.Fold(cells[2]),
		profession: cells[3], specialty: cells[4], mode: cells[5], structure: words(cells[6]),
		postalCode: at.PostalCode, city: plainCity(at), department: at.Department, region: at.Region,
	}
}

// words returns the first two words of a structure's name that say something, as somebody who looks for it would type them.
func words(name string) string {
	var out []string
	for w := range strings.FieldsSeq(names.Fold(name)) {
		if len(w) >= 4 {
			if out = append(out, w); len(out) == 2 {
				return strings.Join(out, " ")
			}
		}
	}
	return ""
}

// plainCity is the city one would ask for: an arrondissement's city in place of it.
func plainCity(at geo.Place) string {
	name := at.City
	if c, ok := geo.ByINSEE(at.INSEE); ok {
		name = c.Name
		if p, ok := geo.ByINSEE(c.Parent); ok {
			name = p.Name
		}
	}
	return names.Fold(cmp.Or(name, at.City))
}

// beginning returns the first n letters of a folded name, "" when it has fewer or other characters there.
func beginning(folded string, n int) string {
	if len(folded) < n {
		return ""
	}
	for i := range n {
		if folded[i] < 'a' || folded[i] > 'z' {
			return ""
		}
	}
	return folded[:n]
}
