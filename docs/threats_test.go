package docs

import (
	"strings"
	"testing"
)

// Each line of a table says where its defence is and which test shows it, and both exist.
func TestThreatsAreDefendedWhereThePageSays(t *testing.T) {
	p, known, lines := one(t, "docs/THREATS.md"), tests(t), 0
	for i, l := range strings.Split(p.prose, "\n") {
		if !strings.HasPrefix(l, "| ") || strings.Contains(l, "| what stands against it |") {
			continue
		}
		lines++
		cells := strings.Split(strings.Trim(l, "| "), " | ")
		if len(cells) != 4 {
			t.Errorf("line %d: %d cells", i+1, len(cells))
			continue
		}
		where, shown := span.FindAllStringSubmatch(cells[2], -1), span.FindAllStringSubmatch(cells[3], -1)
		if len(where) == 0 || len(shown) == 0 {
			t.Errorf("line %d: where it is, and which test shows it?", i+1)
		}
		for _, m := range where {
			if !exists(m[1]) {
				t.Errorf("line %d: there is no %s", i+1, m[1])
			}
		}
		for _, m := range shown {
			if !known[m[1]] {
				t.Errorf("line %d: there is no test %s", i+1, m[1])
			}
		}
	}
	if lines < 40 {
		t.Error("lines: ", lines)
	}
}
