package geo

import (
	"slices"
	"strings"

	"annuaire/internal/names"

	"github.com/samber/lo"
)

// DepartmentName returns the official name of a department or overseas collectivity ("69": Rhône).
func DepartmentName(code string) (string, bool) {
	d, ok := tables().departments[code]
	return d.name, ok
}

// RegionName returns the official name of a region ("84": Auvergne-Rhône-Alpes). An overseas collectivity, which has no
// region, stands for its own under its department code.
func RegionName(code string) (string, bool) {
	d, ok := tables().regions[code]
	return d.name, ok
}

// RegionOf returns the region code of a department code, "" for an unknown one.
func RegionOf(department string) string { return tables().departments[department].region }

// Departments lists the department codes, sorted: "01" to "95" with "2A" and "2B" after "29", then overseas.
func Departments() []string { return sortedKeys(tables().departments) }

// Regions lists the region codes, sorted.
func Regions() []string { return sortedKeys(tables().regions) }

func sortedKeys(m map[string]division) []string {
	k := lo.Keys(m)
	slices.Sort(k)
	return k
}

// ResolveDepartment returns the code of a department given by its code in any case ("69", "2a", "971"; "1" and "069" are read
// as "01" and "69") or by its name, folded, with or without its article ("rhone", "Réunion").
func ResolveDepartment(text string) (code string, ok bool) {
	t := tables()
	return resolve(t.departments, t.deptByName, text)
}

// ResolveRegion does for regions what ResolveDepartment does for departments; the usual "PACA" and "IDF" are known too.
func ResolveRegion(text string) (code string, ok bool) {
	t := tables()
	switch names.Fold(text) {
	case "paca":
		text = "93"
	case "idf":
		text = "11"
	}
	return resolve(t.regions, t.regByName, text)
}

func resolve(codes map[string]division, byName map[string]string, text string) (string, bool) {
	c := strings.ToUpper(strings.TrimSpace(text))
	if len(c) == 1 {
		c = "0" + c
	}
	if _, ok := codes[c]; !ok && len(c) == 3 && c[0] == '0' {
		c = c[1:]
	}
	if _, ok := codes[c]; ok {
		return c, true
	}
	k := key(text)
	if code, ok := byName[k]; ok {
		return code, true
	}
	code, ok := byName[withoutArticle(k)]
	return code, ok
}

// addDivision lets a name be found with and without its article.
func addDivision(byName map[string]string, code, name string) {
	k := key(name)
	byName[k] = code
	byName[withoutArticle(k)] = code
}

func withoutArticle(k string) string {
	for _, a := range []string{"la ", "le ", "les ", "l "} {
		if rest, ok := strings.CutPrefix(k, a); ok {
			return rest
		}
	}
	return k
}
