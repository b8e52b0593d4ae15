package annuaire

import "testing"

func TestSituations(t *testing.T) {
	practice := func(profession string) Practice {
		return Practice{Profession: Coded{Code: profession}, Category: Coded{Code: "C"}}
	}
	p := Professional{
		Practices: []Practice{practice("10"), practice("60"), practice("93")},
		Activities: []Activity{
			{Profession: "93", Category: "C", Mode: Coded{Code: "L"}},
			{Profession: "10", Category: "C", Mode: Coded{Code: "S"}},
			{Profession: "99", Category: "C"},
		},
	}
	got := p.Situations()
	t.Run("activities come first, in their order, each with its practice", func(t *testing.T) {
		for i, want := range []string{"93", "10", "99"} {
			if got[i].Activity != &p.Activities[i] || got[i].Practice.Profession.Code != want {
				t.Fatalf("situation %d: %+v", i, got[i])
			}
		}
	})
	t.Run("a practice without activity is one empty activity", func(t *testing.T) {
		if len(got) != 4 || got[3].Activity != nil || got[3].Practice.Profession.Code != "60" {
			t.Fatalf("%+v", got)
		}
	})
	t.Run("nobody has a situation without practice", func(t *testing.T) {
		if n := len((&Professional{}).Situations()); n != 0 {
			t.Fatal(n)
		}
	})
}
