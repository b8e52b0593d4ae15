package names

import "testing"

func TestDistance(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		want int
	}{
		"equal texts are at 0":           {"lyon", "lyon", 0},
		"a letter more counts 1":         {"lyon", "lyons", 1},
		"a letter less counts 1":         {"lyon", "lyo", 1},
		"another letter counts 1":        {"lyon", "lion", 1},
		"two neighbours swapped count 1": {"lyon", "lyno", 1},
		"from nothing, every letter":     {"", "lyon", 4},
		"letters count, not bytes":       {"α", "β", 1},
	} {
		t.Run(name, func(t *testing.T) {
			if Distance(c.a, c.b) != c.want || Distance(c.b, c.a) != c.want {
				t.Fatal(Distance(c.a, c.b), Distance(c.b, c.a))
			}
		})
	}
}
