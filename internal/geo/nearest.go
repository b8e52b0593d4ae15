package geo

import "annuaire/internal/names"

// NearestDepartments returns up to three names of departments a few typing errors away from a text that is none, the nearest first: for what
// somebody is told of a mistake.
func NearestDepartments(text string) []string { return nearest(text, tables().departments) }

// NearestRegions does for regions what NearestDepartments does for departments.
func NearestRegions(text string) []string { return nearest(text, tables().regions) }

func nearest(text string, of map[string]division) []string {
	var all []string
	for _, code := range sortedKeys(of) {
		all = append(all, of[code].name)
	}
	return names.Nearest(text, all, max(2, len(text)/3), 3)
}
