package geo

import (
	"slices"
	"testing"
)

func TestNearest(t *testing.T) {
	for _, tt := range []struct {
		rule string
		of   func(string) []string
		text string
		want []string
	}{
		{"a department mistyped", NearestDepartments, "lozzère", []string{"Lozère"}},
		{"folded, several of them", NearestDepartments, "RHONNE", []string{"Rhône", "Yonne"}},
		{"a region mistyped", NearestRegions, "bretange", []string{"Bretagne"}},
		{"what is near nothing", NearestRegions, "xyzzyxyzzyxyzzy", nil},
		{"nothing", NearestDepartments, "", nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := tt.of(tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}
