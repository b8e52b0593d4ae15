package extract

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestKeyOf(t *testing.T) {
	for _, tt := range []struct {
		rule, id, back string
		ok             bool
	}{
		{"RPPS", "899000000017", "899000000017", true},
		{"ADELI keeps its leading zeros", "0010000009", "0010000009", true},
		{"one character", "0", "0", true},
		{"Corsican letters", "02A0000001", "02A0000001", true},
		{"case does not count", "02a0000001", "02A0000001", true},
		{"the largest", "ZZZZZZZZZZZZ", "ZZZZZZZZZZZZ", true},
		{"nothing", "", "", false},
		{"13 characters", "8990000000178", "", false},
		{"a sign", "3250000700/1", "", false},
		{"a space", "8 9900000001", "", false},
		{"an accent", "8é", "", false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			key, ok := KeyOf(tt.id)
			if ok != tt.ok || (key != 0) != tt.ok {
				t.Fatalf("KeyOf(%q) = %d, %v", tt.id, key, ok)
			}
			if got := IDOf(key); got != tt.back {
				t.Errorf("IDOf = %q, want %q", got, tt.back)
			}
		})
	}
}

func TestKeyOrderIsIdentifierOrder(t *testing.T) {
	id := rapid.StringMatching(`[0-9A-Z]{1,12}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := id.Draw(t, "a"), id.Draw(t, "b")
		if rapid.Bool().Draw(t, "near") { // share a beginning, so that ties are tried
			b = (a + b)[:min(maxID, len(a)+len(b))]
		}
		ka, _ := KeyOf(a)
		kb, _ := KeyOf(b)
		if (a < b) != (ka < kb) || (a == b) != (ka == kb) {
			t.Fatalf("%q, %q have keys %d, %d", a, b, ka, kb)
		}
		if IDOf(ka) != a {
			t.Fatalf("IDOf(KeyOf(%q)) = %q", a, IDOf(ka))
		}
	})
}

func FuzzKey(f *testing.F) {
	f.Add("899000000017", uint64(37))
	f.Add("a b", ^uint64(0))
	f.Fuzz(func(t *testing.T, id string, key uint64) {
		if k, ok := KeyOf(id); ok && IDOf(k) != strings.ToUpper(id) {
			t.Fatalf("%q comes back as %q", id, IDOf(k))
		}
		if id := IDOf(key); id != "" {
			if k, ok := KeyOf(id); !ok || k != key {
				t.Fatalf("key %d is of %q, whose key is %d", key, id, k)
			}
		}
	})
}
