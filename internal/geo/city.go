package geo

import "slices"

// Cities returns the sorted INSEE codes of the communes named exactly text, folded, "saint" and "st" alike. A city with
// arrondissements comes with them; "paris 12" or "lyon 3e arrondissement" is that one alone. Homonyms are all returned; nil
// when no commune bears the name.
func Cities(text string) []string {
	t := tables()
	var out []string
	for _, i := range t.byName[key(text)] {
		out = t.appendWhole(out, i)
	}
	slices.Sort(out)
	return out
}

// appendWhole adds the code of a commune and those of its arrondissements.
func (t *table) appendWhole(out []string, i int32) []string {
	city := t.communes[i].INSEE
	out = append(out, city)
	for _, child := range t.children[city] {
		out = append(out, t.communes[child].INSEE)
	}
	return out
}
