package web

import (
	"cmp"
	"slices"
	"strings"

	"annuaire"
)

// Group is the people of a profession, and of a savoir-faire if they have one.
type Group struct {
	Profession, Specialty string
	People                []annuaire.Item[annuaire.Professional]
}

// groups puts people together by the situation that was found, the largest professions first; those without savoir-faire come before the
// others of their profession.
func groups(people []annuaire.Item[annuaire.Professional]) []Group {
	var out []Group
	size := map[string]int{}
	for _, p := range people {
		profession, specialty := tradeOf(p)
		size[profession]++
		i := slices.IndexFunc(out, func(g Group) bool { return g.Profession == profession && g.Specialty == specialty })
		if i < 0 {
			out, i = append(out, Group{Profession: profession, Specialty: specialty}), len(out)
		}
		out[i].People = append(out[i].People, p)
	}
	slices.SortStableFunc(out, func(a, b Group) int {
		return cmp.Or(cmp.Compare(size[b.Profession], size[a.Profession]), cmp.Compare(a.Profession, b.Profession), cmp.Compare(a.Specialty, b.Specialty))
	})
	return out
}

// tradeOf is the profession and the first savoir-faire of the situation that was found.
func tradeOf(it annuaire.Item[annuaire.Professional]) (profession, specialty string) {
	at := found(it)
	if at == nil || at.Practice == nil {
		return "", ""
	}
	if len(at.Practice.Specialties) > 0 {
		specialty = at.Practice.Specialties[0].Coded.Shown()
	}
	return at.Practice.Profession.Shown(), specialty
}

// found is the situation that a search found, the first one where it does not matter; nil for somebody without any.
func found(it annuaire.Item[annuaire.Professional]) *annuaire.Situation {
	all := it.Value.Situations()
	switch {
	case it.Matched >= 0 && it.Matched < len(all):
		return &all[it.Matched]
	case len(all) > 0:
		return &all[0]
	}
	return nil
}

// elsewhere is how many other places somebody practises at.
func elsewhere(it annuaire.Item[annuaire.Professional]) int {
	return max(0, len(it.Value.Activities)-1)
}

// trade is the profession and the savoir-faire of a practice, in words.
func trade(p *annuaire.Practice) string {
	if p == nil {
		return ""
	}
	words := []string{p.Profession.Shown()}
	for _, s := range p.Specialties {
		words = append(words, s.Coded.Shown())
	}
	return strings.Join(words, " · ")
}

// fullName is a name as people say it: "DR Zélie EXEMPLE" without the title.
func fullName(p annuaire.Professional) string { return strings.TrimSpace(p.Given + " " + p.Family) }
