package index

import "annuaire/internal/nomenclature"

// titleTable is one of the tables whose labels make the title of a person.
type titleTable nomenclature.Table

var titleTables = map[byte]titleTable{kindProfession: titleTable(nomenclature.Profession), kindSpecialty: titleTable(nomenclature.Skill)}

func (t titleTable) codes() []string { return nomenclature.Codes(nomenclature.Table(t)) }

func (t titleTable) label(code string) string {
	l, ok := nomenclature.Label(nomenclature.Table(t), code)
	if !ok {
		return code
	}
	return l
}
