package geo

import (
	"cmp"
	"strings"
)

// Place is where an address of the extracts is, as far as its columns tell.
type Place struct {
	INSEE      string // commune; "" abroad and where unknown
	City       string // without CEDEX, article in front; the official spelling where the commune is known by that name
	PostalCode string // as given, CEDEX codes and foreign ones included
	Department string // code, always one that DepartmentName knows, or ""
	Region     string // code, "" exactly when Department is
	Country    string // COG code "99132", "" for France
}

// Locate says where an address of the extracts is, from its columns: Code commune, Libellé commune, Code postal, Bureau cedex
// (in fact the whole last line: "25304 PONTARLIER CEDEX") and Code pays. Any of them may be empty, and Département always is.
//
// The commune wins over the postal code (Saint-Martin is in 978 with the postal code of Guadeloupe); the postal code places
// what has no known commune; the name of the city, in its department, gives the commune where just one bears it. Nothing is
// guessed abroad, nor from what is no postal code ("GL").
func Locate(insee, cityLabel, postalCode, lastLine, country string) Place {
	t := tables()
	insee = strings.ToUpper(strings.TrimSpace(insee))
	p := Place{City: cleanCity(cityLabel), PostalCode: strings.TrimSpace(postalCode), Country: foreign(country)}
	if p.City == "" || p.PostalCode == "" {
		cp, city := splitLastLine(lastLine, p.PostalCode)
		p.City, p.PostalCode = cmp.Or(p.City, city), cmp.Or(p.PostalCode, cp)
	}
	if p.Country != "" {
		return p
	}
	i, ok := t.byINSEE[insee]
	if !ok {
		i, ok = t.byCity(p.City, p.PostalCode, t.departmentOfCommune(insee))
	}
	if ok {
		return t.settle(p, i)
	}
	coded := t.departmentOfCommune(insee)
	p.Department = t.departmentOfPostal(p.PostalCode)
	if p.PostalCode == "" {
		p.Department = coded
	}
	if coded != "" && coded == p.Department {
		p.INSEE = insee // a commune newer than the tables, or merged since: its code is still the truth
	}
	p.Region = t.departments[p.Department].region
	return p
}

// settle fills p with what commune i is. The name the address gives stays when it is another one than the commune's (a commune
// merged since); the name of a city stands for its arrondissements.
func (t *table) settle(p Place, i int32) Place {
	c := &t.communes[i]
	p.INSEE, p.Department, p.Region = c.INSEE, c.Department, c.Region
	if p.City == "" || strings.EqualFold(p.City, c.Name) {
		p.City = c.Name
		return p
	}
	k := key(p.City)
	if k == t.keys[i] {
		p.City = c.Name
	} else if parent, ok := t.byINSEE[c.Parent]; ok && k == t.keys[parent] {
		p.City = t.communes[parent].Name
	}
	return p
}

// byCity finds the one commune that bears a name, at a postal code, else in the department of the code; without a postal code, in
// the department named, else anywhere in France. Of a city with arrondissements, the postal code says which one.
func (t *table) byCity(city, cp, department string) (int32, bool) {
	named := t.byName[key(city)]
	if len(named) == 0 {
		return 0, false
	}
	in := func(department string) (int32, bool) {
		return only(named, func(n int32) bool { return t.communes[n].Department == department })
	}
	switch {
	case cp == "" && department == "":
		return only(named, func(int32) bool { return true })
	case cp == "":
		return in(department)
	}
	i, ok := only(named, func(n int32) bool { return t.serves(n, cp) })
	if !ok {
		i, ok = in(t.departmentOfPostal(cp))
	}
	if !ok {
		return 0, false
	}
	if child, ok := only(t.children[t.communes[i].INSEE], func(n int32) bool { return t.serves(n, cp) }); ok {
		return child, true
	}
	return i, true
}

// only returns the one element of list that satisfies keep, if it is alone.
func only(list []int32, keep func(int32) bool) (found int32, ok bool) {
	for _, n := range list {
		if keep(n) {
			if ok {
				return 0, false
			}
			found, ok = n, true
		}
	}
	return found, ok
}
