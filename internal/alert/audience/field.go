package audience

import (
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/geo"
	"annuaire/internal/names"
	"annuaire/internal/nomenclature"
)

// Field names a criterion.
type Field string

// fieldWord is an everyday word of the search, whatever it is about: "word:urgentiste", or "urgentiste" alone in a text.
const fieldWord Field = "word"

// fieldKind is the kind of the mailboxes to write to. It is no criterion on people and stands beside the criteria.
const fieldKind Field = "kind"

// fieldInfo is how the values of a criterion are read.
type fieldInfo struct {
	to      annuaire.Field
	table   nomenclature.Table // of codes and labels
	read    reader             // of a value that no table is asked about
	aliases []string           // other names, folded
}

// reader turns a value into the codes it means; a false ok says that it means none.
type reader func(v string) (codes []string, ok bool)

var fields = map[Field]fieldInfo{
	fieldWord:     {aliases: []string{"mot"}},
	"profession":  {to: annuaire.FieldProfession, table: nomenclature.Profession, aliases: []string{"metier"}},
	"specialty":   {to: annuaire.FieldSpecialty, table: nomenclature.Skill, aliases: []string{"specialite", "savoir faire"}},
	"category":    {to: annuaire.FieldCategory, table: nomenclature.Category, aliases: []string{"categorie"}},
	"mode":        {to: annuaire.FieldMode, table: nomenclature.Mode},
	"sector":      {to: annuaire.FieldSector, table: nomenclature.Sector, aliases: []string{"secteur"}},
	"role":        {to: annuaire.FieldRole, table: nomenclature.Role, aliases: []string{"fonction"}},
	"section":     {to: annuaire.FieldSection, table: nomenclature.Section},
	"setting":     {to: annuaire.FieldSetting, table: nomenclature.Setting, aliases: []string{"lieu"}},
	"region":      {to: annuaire.FieldRegion, read: one(geo.ResolveRegion)},
	"department":  {to: annuaire.FieldDepartment, read: one(geo.ResolveDepartment), aliases: []string{"departement"}},
	"city":        {to: annuaire.FieldINSEE, read: readCity, aliases: []string{"commune", "ville", "insee"}},
	"postal_code": {to: annuaire.FieldPostalCode, read: readPostalCode, aliases: []string{"code postal", "cp"}},
	"finess":      {to: annuaire.FieldFINESS, read: readFINESS},
	"siret":       {to: annuaire.FieldSIRET, read: digits(14)},
	"siren":       {to: annuaire.FieldSIREN, read: digits(9)},
	"rpps":        {to: annuaire.FieldID, read: readID, aliases: []string{"id"}},
}

// fieldNamed finds a criterion by its name, folded, or another.
func fieldNamed(text string) (Field, bool) {
	fold := names.Fold(text)
	for f, info := range fields {
		if fold == names.Fold(string(f)) || slices.Contains(info.aliases, fold) {
			return f, true
		}
	}
	if fold == "kind" || fold == "bal" {
		return fieldKind, true
	}
	return "", false
}

// unknownField tells of a criterion that there is not: the nearest, else all of them. Nobody is chosen by name: an audience is of groups, and
// one person is an rpps.
func unknownField(at place, text string) error {
	all := []string{string(fieldKind)}
	for f := range fields {
		all = append(all, string(f))
	}
	slices.Sort(all)
	if fr, en := near(nearest(text, all, 1)); fr != "" {
		return fault(at, ruleField, "« %[1]s » n'est pas un critère%[2]s", "%[1]q is no criterion%[3]s", cut(text), fr, en)
	}
	return fault(at, ruleField, "« %[1]s » n'est pas un critère ; ce sont : %[2]s", "%[1]q is no criterion; they are: %[2]s", cut(text), strings.Join(all, ", "))
}
