package geo

import (
	"slices"

	"annuaire/internal/names"
)

// serves reports whether cp is a postal code of commune i.
func (t *table) serves(i int32, cp string) bool {
	return slices.Contains(t.communes[i].PostalCodes, cp)
}

// departmentOfPostal returns the department of a postal code: the one its communes share, else the one its digits name. CEDEX
// codes, which no table lists, follow their digits. "" for what is not 5 digits of a French department (98000 is Monaco).
func (t *table) departmentOfPostal(cp string) string {
	if len(cp) != 5 || !names.Digits(cp) {
		return ""
	}
	if list := t.byPostal[cp]; len(list) > 0 {
		d := t.communes[list[0]].Department
		if !slices.ContainsFunc(list, func(i int32) bool { return t.communes[i].Department != d }) {
			return d
		}
	}
	return t.departmentOfDigits(cp)
}

// departmentOfDigits reads the department in the first digits of a postal code. Corsica still has the 20 of before its division:
// Ajaccio and the south lie under 20200, where Bastia begins.
func (t *table) departmentOfDigits(cp string) string {
	d := cp[:2]
	switch {
	case d == "20" && cp < "20200":
		d = "2A"
	case d == "20":
		d = "2B"
	case d == "97" || d == "98":
		d = cp[:3]
	}
	return t.known(d)
}

// departmentOfCommune reads the department in a commune code that the tables do not hold ("2A999", "97199").
func (t *table) departmentOfCommune(insee string) string {
	if len(insee) != 5 || !names.Digits(insee[2:]) {
		return ""
	}
	if d := insee[:2]; d != "97" && d != "98" {
		return t.known(d)
	}
	return t.known(insee[:3])
}

func (t *table) known(department string) string {
	if _, ok := t.departments[department]; ok {
		return department
	}
	return ""
}
