package freetext

import (
	"strings"

	"annuaire"
	"annuaire/internal/geo"
	"annuaire/internal/names"
)

// bigTown is from how many inhabitants on a word that is also a name means the town first.
const bigTown = 20_000

// placeSpan is a postal code, a département, a region or a town; before is the particles that precede it.
func (q *Question) placeSpan(said, text, before string) (span, bool) {
	upper := strings.ToUpper(text)
	switch {
	case len(text) == 5 && names.Digits(text):
		return leafSpan(said, annuaire.FieldPostalCode, text, true)
	case (len(text) == 2 || len(text) == 3) && (names.Digits(text) || text == "2a" || text == "2b"):
		if name, ok := geo.DepartmentName(upper); ok {
			return divisionSpan(said, annuaire.FieldDepartment, upper, name), true
		}
		return span{}, false
	}
	if len(text) < 2 || stops[text] {
		return span{}, false
	}
	if city, ok := q.citySpan(said, text, before); ok {
		return city, true
	}
	for _, d := range divisions {
		if code, ok := d.resolve(text); ok && !names.Digits(text) {
			name, _ := d.name(code)
			return q.named(divisionSpan(said, d.field, code, name)), true
		}
	}
	return span{}, false
}

// divisions are the parts of the country that have a name, the smaller ones first.
var divisions = []struct {
	field         annuaire.Field
	resolve, name func(string) (string, bool)
}{{annuaire.FieldDepartment, geo.ResolveDepartment, geo.DepartmentName}, {annuaire.FieldRegion, geo.ResolveRegion, geo.RegionName}}

// named adds that somebody may be called like a place that everybody knows: nobody mistypes a name into one.
func (q *Question) named(s span) span {
	if q.target != Structures {
		name := annuaire.Equals(annuaire.FieldName, s.text)
		name.Cost = costOther
		s.where, s.named = annuaire.Or(s.where, name), true
	}
	return s
}

// contracted are prepositions that hold an article: "du Mans" is Le Mans.
var contracted = map[string]string{"du": "le ", "au": "le ", "des": "les ", "aux": "les "}

// articled gives a town its article back, where there is one of that name.
func articled(text string) string {
	first, rest, _ := strings.Cut(text, " ")
	if article := contracted[first]; article != "" && rest != "" && len(geo.Cities(article+rest)) > 0 {
		return article + rest
	}
	return text
}

func divisionSpan(said string, f annuaire.Field, code, name string) span {
	return span{text: said, part: Part{said, f, code, name}, where: annuaire.Equals(f, code)}
}

// citySpan is a town, or someone of that name: the big town first, else the person. A département or a region of the same name is
// meant too ("paris", "la réunion").
func (q *Question) citySpan(said, text, before string) (span, bool) {
	codes := geo.Cities(text)
	if len(codes) == 0 {
		return span{}, false
	}
	biggest := geo.Commune{}
	for _, c := range codes {
		if town, ok := geo.ByINSEE(c); ok && town.Population > biggest.Population {
			biggest = town
		}
	}
	city := annuaire.Equals(annuaire.FieldCity, text)
	alts := []annuaire.Expr{city}
	for _, d := range divisions {
		if code, ok := d.resolve(text); ok {
			alts = append(alts, annuaire.Equals(d.field, code))
		}
	}
	s := span{text: said, part: Part{said, annuaire.FieldCity, text, biggest.Name}}
	if s.named = q.target != Structures; s.named {
		name := annuaire.Similar(annuaire.FieldName, said)
		if full := before + " " + said; before != "" && len(names.Units(strings.Fields(names.Fold(full)))) == 1 {
			name.Value = full // "du bois" is DUBOIS too
		}
		if biggest.Population >= bigTown {
			name = annuaire.Equals(annuaire.FieldName, said) // nobody mistypes a name into a big town
			name.Cost = costOther
		} else {
			alts[0].Cost = costOther
		}
		alts = append(alts, name)
	}
	alts = append(alts, q.called(bare(strings.Fields(text)), costStructure, q.target != Structures))
	s.where = annuaire.Or(alts...)
	return s, true
}
