package names

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

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

func TestWithin(t *testing.T) {
	t.Run("it is the distance, as far as it looks", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			word := rapid.StringMatching(`[abc]{0,9}`)
			x, y, most := word.Draw(t, "x"), word.Draw(t, "y"), rapid.IntRange(0, 3).Draw(t, "max")
			if got, want := within(x, y, most), min(Distance(x, y), most+1); got != want {
				t.Fatalf("%d, want %d", got, want)
			}
		})
	})
	t.Run("words longer than it compares are far apart", func(t *testing.T) {
		long := strings.Repeat("a", MaxWithin+1)
		if got := within(long, long, 2); got != 3 {
			t.Error(got)
		}
	})
}
