package relevance

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Person is what the questions need to know of somebody.
type Person struct {
	ID, Family, Given string
	Places            []Place // one for each row of activity
}

// Place is a town, and what one does there.
type Place struct{ City, Profession, Skill string }

// columns of Personne_activite, by their titles.
var columns = []string{"Identification nationale PP", "Nom d'exercice", "Prénom d'exercice", "Libellé profession", "Libellé savoir-faire", "Libellé commune (coord. structure)"}

var arrondissement = regexp.MustCompile(` \d+(er?|e) Arrondissement$`)

// ReadPeople reads Personne_activite, by title of column and nothing else, in the order of ids.
func ReadPeople(r io.Reader) ([]Person, error) {
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	at := make([]int, len(columns))
	byID := map[string]*Person{}
	for n := 0; sc.Scan(); n++ {
		cells := strings.Split(strings.TrimPrefix(sc.Text(), "\ufeff"), "|")
		if n == 0 {
			for i, title := range columns {
				if at[i] = slices.Index(cells, title); at[i] < 0 {
					return nil, fmt.Errorf("no column %q", title)
				}
			}
			continue
		}
		if len(cells) <= slices.Max(at) { // a row the importer rejects as well
			continue
		}
		id := cells[at[0]]
		p := byID[id]
		if p == nil {
			p = &Person{ID: id, Family: cells[at[1]], Given: cells[at[2]]}
			byID[id] = p
		}
		p.Places = append(p.Places, Place{City: arrondissement.ReplaceAllString(cells[at[5]], ""), Profession: cells[at[3]], Skill: cells[at[4]]})
	}
	out := make([]Person, 0, len(byID))
	for _, p := range byID {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Person) int { return strings.Compare(a.ID, b.ID) })
	return out, sc.Err()
}
