package audience

import (
	"strings"

	"annuaire/internal/names"
)

// nearest returns up to n of the texts whose folded form is a few typing errors away, the nearest first, separated by commas.
func nearest(text string, of []string, n int) string {
	return strings.Join(names.Nearest(text, of, 1+len(text)/4, n), ", ")
}
