// Package codes says what to show of a code: the label of the nomenclature or of the official geography, the one of the extract, the code
// itself.
package codes

import (
	"annuaire"
	"annuaire/internal/geo"
	"annuaire/internal/nomenclature"
)

// tables are those that the codes of a criterion are of.
var tables = map[annuaire.Field]nomenclature.Table{
	annuaire.FieldProfession: nomenclature.Profession,
	annuaire.FieldCategory:   nomenclature.Category,
	annuaire.FieldSpecialty:  nomenclature.Skill,
	annuaire.FieldMode:       nomenclature.Mode,
	annuaire.FieldSector:     nomenclature.Sector,
	annuaire.FieldRole:       nomenclature.Role,
	annuaire.FieldSection:    nomenclature.Section,
	annuaire.FieldSetting:    nomenclature.Setting,
	annuaire.FieldKind:       nomenclature.MailboxKind,
}

// Label returns the label of a code of a criterion, "" where no table knows it. A city is known by its commune code (INSEE).
func Label(f annuaire.Field, code string) (label string) {
	switch f {
	case annuaire.FieldDepartment:
		label, _ = geo.DepartmentName(code)
	case annuaire.FieldRegion:
		label, _ = geo.RegionName(code)
	case annuaire.FieldCity, annuaire.FieldINSEE:
		c, _ := geo.ByINSEE(code)
		label = c.Name
	default:
		label, _ = nomenclature.Label(tables[f], code)
	}
	return label
}

// Shown returns what to show of a code of a table: its label there, else the one that came with it, else the code.
func Shown(t nomenclature.Table, c annuaire.Coded) string {
	if l, ok := nomenclature.Label(t, c.Code); ok {
		return l
	}
	return c.Shown()
}
