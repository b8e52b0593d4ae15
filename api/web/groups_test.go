package web

import (
	"fmt"
	"strings"
	"testing"

	"annuaire"
)

func TestPeopleOfAStructureAreGrouped(t *testing.T) {
	var people []annuaire.Item[annuaire.Professional]
	for i, trade := range []string{"Infirmier", "Médecin/Psychiatrie", "Infirmier", "Médecin", "Infirmier", "Médecin/Cardiologie", ""} {
		p := annuaire.Professional{ID: fmt.Sprint(i)}
		if profession, specialty, _ := strings.Cut(trade, "/"); profession != "" {
			p.Practices = []annuaire.Practice{{Profession: annuaire.Coded{Code: profession}}}
			if specialty != "" {
				p.Practices[0].Specialties = []annuaire.Specialty{{Coded: annuaire.Coded{Code: specialty}}}
			}
		}
		people = append(people, annuaire.Item[annuaire.Professional]{Value: p})
	}
	var got []string
	for _, g := range groups(people) {
		ids := ""
		for _, p := range g.People {
			ids += p.Value.ID
		}
		got = append(got, g.Profession+"/"+g.Specialty+":"+ids)
	}
	if s := strings.Join(got, " "); s != "Infirmier/:024 Médecin/:3 Médecin/Cardiologie:5 Médecin/Psychiatrie:1 /:6" {
		t.Error(s)
	}
}

func TestTheSituationFoundIsShown(t *testing.T) {
	it := annuaire.Item[annuaire.Professional]{Value: annuaire.Professional{
		Practices:  []annuaire.Practice{{Profession: annuaire.Coded{Code: "10"}}},
		Activities: []annuaire.Activity{{Profession: "10", Authority: "a"}, {Profession: "10", Authority: "b"}}}}
	for matched, want := range map[int]string{0: "a", 1: "b", 2: "a", -1: "a"} {
		it.Matched = matched
		if got := found(it).Activity.Authority; got != want {
			t.Errorf("matched %d: %s, want %s", matched, got, want)
		}
	}
	if found(annuaire.Item[annuaire.Professional]{}) != nil {
		t.Error("nobody has no situation")
	}
}
