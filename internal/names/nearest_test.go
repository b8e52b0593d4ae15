package names

import (
	"slices"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	towns := []string{"Lyon", "Laon", "Léon", "Lyons-la-Forêt", "", "Dijon"}
	for name, c := range map[string]struct {
		text   string
		far, n int
		want   []string
	}{
		"the nearest comes first":                     {"lyonn", 2, 9, []string{"Lyon", "Laon", "Léon"}},
		"of equals, the first":                        {"lxon", 1, 1, []string{"Lyon"}},
		"no more than asked for":                      {"lyon", 3, 2, []string{"Lyon", "Laon"}},
		"nothing is nearer than it may be":            {"marseille", 3, 9, nil},
		"a text without letters is near nothing":      {"", 3, 9, nil},
		"a long text costs nothing: its length tells": {strings.Repeat("x", 1<<20), 3, 9, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Nearest(c.text, towns, c.far, c.n); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
