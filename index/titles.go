package index

import (
	"slices"
	"strings"

	"annuaire/internal/names"
	"annuaire/internal/nomenclature"

	"github.com/RoaringBitmap/roaring/v2"
)

// titleTables are the tables whose labels make the title of a person.
var titleTables = map[byte]nomenclature.Table{kindProfession: nomenclature.Profession, kindSpecialty: nomenclature.Skill}

// titled matches the situations of which the label of the profession or of a savoir-faire has one of some words; and those with a code
// that no table knows, whose label only their record has.
type titled []string

func (t titled) match(v *view) (*roaring.Bitmap, error) {
	var out []*roaring.Bitmap
	for kind, table := range titleTables {
		prefix := string(rune(kind))
		err := v.eachTerm(fieldPractice, prefix, after(prefix), func(term string, docs *roaring.Bitmap) {
			label, known := nomenclature.Label(table, term[1:])
			if !known || t.in(names.Fold(label)) {
				out = append(out, docs)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return union(out), nil
}

func (t titled) in(label string) bool {
	return len(t) == 0 || slices.ContainsFunc(t, func(w string) bool { return strings.Contains(label, w) })
}
