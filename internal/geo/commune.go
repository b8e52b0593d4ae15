package geo

import (
	"slices"
)

// Commune is a commune, or a municipal arrondissement of Paris, Lyon or Marseille.
type Commune struct {
	INSEE       string // code officiel géographique, 5 characters ("48095", "2A004")
	Name        string // official spelling
	Department  string // code: "48", "2A", "971"
	Region      string // code: "76"; the department's own code where there is no region (975, 977, 978, 984 to 989)
	Parent      string // INSEE code of the city of an arrondissement, "" for a commune
	PostalCodes []string
	Population  int // municipal population, 0 where unknown; of a city, its arrondissements included
}

// Communes lists all communes and arrondissements, sorted by INSEE code. The slice is the caller's; the PostalCodes in it
// are shared and must not be written to.
func Communes() []Commune { return slices.Clone(tables().communes) }

// ByINSEE returns the commune or arrondissement of a code.
func ByINSEE(code string) (Commune, bool) {
	t := tables()
	i, ok := t.byINSEE[code]
	if !ok {
		return Commune{}, false
	}
	return t.communes[i], true
}
