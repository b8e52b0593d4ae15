package dispatch

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersOfAlerts(t *testing.T) {
	t.Run("keys are in the order of numbers, past a thousand too", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			year, n := rapid.IntRange(2000, 2998).Draw(t, "year"), rapid.Uint64Range(1, 999_998).Draw(t, "n")
			k := tableKey(number(year, n))
			if k == "" || k >= tableKey(number(year, n+1)) || k >= tableKey(number(year+1, 1)) {
				t.Fatalf("%q", k)
			}
		})
	})
	for _, bad := range []string{"", "2026", "2026-", "2026-1", "2026-0001", "26-001", "2026-001 ", "2026-0x1", "2026-+01", "../2026-001", "2026-1000000", strings.Repeat("9", 99) + "-001"} {
		t.Run("what is no number of an alert has no key, and names no file", func(t *testing.T) {
			if k := tableKey(bad); k != "" {
				t.Errorf("%q: %q", bad, k)
			}
		})
	}
}

func FuzzTableKey(f *testing.F) {
	f.Add("2026-001")
	f.Fuzz(func(t *testing.T, s string) {
		if k := tableKey(s); k != "" && (len(k) != 10 || strings.Trim(k, "0123456789") != "" || strings.ContainsAny(s, "/\\. ")) {
			t.Fatalf("%q: %q", s, k)
		}
	})
}
