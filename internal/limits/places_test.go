package limits

import (
	"testing"

	"pgregory.net/rapid"
)

func TestPlaces(t *testing.T) {
	p := NewPlaces(4, 2)
	for _, tt := range []struct {
		rule, key string
		want      bool
	}{
		{"a client has its places", "a", true}, {"all of them", "a", true}, {"not one more", "a", false},
		{"another has its own", "b", true}, {"a proxy has those that are left", "", true}, {"nobody has more than there are", "c", false},
	} {
		if got := p.Take(tt.key); got != tt.want {
			t.Errorf("%s: %t", tt.rule, got)
		}
	}
	p.Leave("a")
	if !p.Take("c") {
		t.Error("a place that was given back is free")
	}
}

// Whatever the order, as many are taken as were not given back, and nobody is remembered who has none.
func TestPlacesAreGivenBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, held := NewPlaces(5, 3), []string{}
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			if len(held) > 0 && rapid.Bool().Draw(t, "leaves") {
				p.Leave(held[0])
				held = held[1:]
				continue
			}
			key, mine := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "who"), 0
			for _, k := range held {
				if k == key {
					mine++
				}
			}
			want := len(held) < 5 && (key == "" || mine < 3)
			if got := p.Take(key); got != want {
				t.Fatalf("%q of %v: %t", key, held, got)
			}
			if want {
				held = append(held, key)
			}
		}
		for _, key := range held {
			p.Leave(key)
		}
		if p.taken != 0 || len(p.by) != 0 {
			t.Fatal(p.taken, p.by)
		}
	})
}
