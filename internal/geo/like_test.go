package geo

import (
	"slices"
	"testing"
)

func TestLike(t *testing.T) {
	for _, tt := range []struct {
		name, typed, code string
		edits             int // -1: not there at all
	}{
		{"a name that sounds alike", "lion", "69123", 0},
		{"one letter wrong", "lyom", "69123", 1},
		{"two neighbours swapped", "brodeaux", "33063", 1},
		{"two errors in a long name", "strazbour", "67482", 2},
		{"an arrondissement comes with its city", "marseile", "13201", 0},
		{"three letters are too few to guess", "lyn", "", -1},
		{"nonsense is no city", "xqzvkwj", "", -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, a := range Like(tt.typed) {
				if slices.Contains(a.Codes, tt.code) {
					if a.Edits != tt.edits {
						t.Errorf("%q: found with %d errors, want %d", tt.typed, a.Edits, tt.edits)
					}
					return
				}
			}
			if tt.edits >= 0 {
				t.Errorf("%q: %s not among %v", tt.typed, tt.code, Like(tt.typed))
			}
		})
	}
	t.Run("short names do not drown in neighbours", func(t *testing.T) {
		for _, a := range Like("bare") {
			if len(a.Codes) > maxAlike+20 {
				t.Errorf("%d communes", len(a.Codes))
			}
		}
	})
}
