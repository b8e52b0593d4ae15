package geo

import (
	"slices"
	"strings"
	"testing"

	"annuaire/internal/names"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCities(t *testing.T) {
	paris := []string{"75056"}
	for _, c := range Communes() {
		if c.Parent == "75056" {
			paris = append(paris, c.INSEE)
		}
	}
	if len(paris) != 21 {
		t.Fatalf("%d codes in Paris", len(paris))
	}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a name":                                  {"Mende", []string{"48095"}},
		"case and accents do not count":           {"SAINT ÉTIENNE", []string{"42218"}},
		"st is saint":                             {"st etienne", []string{"42218"}},
		"ste is sainte":                           {"Ste-Foy-lès-Lyon", []string{"69202"}},
		"hyphen, apostrophe and space alike":      {"l hay-les roses", []string{"94038"}},
		"a ligature":                              {"oeyregave", []string{"40206"}},
		"a city comes with its arrondissements":   {"paris", paris},
		"an arrondissement by its number":         {"paris 12", []string{"75112"}},
		"an arrondissement in words":              {"lyon 3e arrondissement", []string{"69383"}},
		"an arrondissement as an ordinal":         {"Lyon 3ème", []string{"69383"}},
		"the first arrondissement":                {"marseille 1er", []string{"13201"}},
		"an arrondissement in two digits":         {"LYON 03", []string{"69383"}},
		"an abbreviated arrondissement":           {"paris 5e arrdt", []string{"75105"}},
		"no such arrondissement":                  {"paris 25", nil},
		"homonyms are all returned":               {"Saint-Denis", []string{"11339", "30247", "93066", "97411"}},
		"the beginning of a name is not the name": {"men", nil},
		"more than a name is not the name":        {"mende ville", nil},
		"an empty text is no city":                {"", nil},
		"signs are no city":                       {" - ", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Cities(c.text)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestEveryCommuneIsItsName(t *testing.T) {
	for _, c := range Communes() {
		if !slices.Contains(Cities(c.Name), c.INSEE) || !slices.Contains(Cities(strings.ToUpper(names.Fold(c.Name))), c.INSEE) {
			t.Errorf("%s is not among the cities named %q", c.INSEE, c.Name)
		}
		if c.Parent != "" && !slices.Contains(Cities(mustByINSEE(t, c.Parent).Name), c.INSEE) {
			t.Errorf("%s is not in its city", c.INSEE)
		}
	}
}

func TestCitiesWithPrefix(t *testing.T) {
	for name, c := range map[string]struct {
		text        string
		first       string // the first of the answer
		with, never []string
	}{
		"the most populous comes first":        {"par", "75056", []string{"75101"}, []string{"48095"}},
		"a word inside the name":               {"etien", "42218", nil, nil},
		"words in order":                       {"tour salv", "69250", nil, nil},
		"words out of order":                   {"salv tour", "", nil, []string{"69250"}},
		"st begins saint":                      {"st et", "42218", nil, []string{"67482"}},
		"st begins sainte":                     {"st foy les", "69202", nil, nil},
		"st alone also begins Strasbourg":      {"st", "67482", []string{"42218"}, nil},
		"half of saint":                        {"sai eti", "42218", nil, nil},
		"a city being typed with its number":   {"lyon 3", "69383", nil, []string{"69123"}},
		"a number with its ordinal":            {"paris 12eme", "75112", nil, []string{"75056"}},
		"an arrondissement half typed":         {"paris 12 arrond", "75112", nil, nil},
		"1 begins 1 and 10 to 19":              {"paris 1", "75115", []string{"75101", "75110"}, []string{"75102"}},
		"nothing begins so":                    {"xqzw", "", nil, nil},
		"each word needs its own word":         {"mende mende", "", nil, nil},
		"a text without a letter finds nobody": {" -", "", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := CitiesWithPrefix(c.text)
			if first := strings.Join(got[:min(1, len(got))], ""); first != c.first {
				t.Errorf("first %q, want %q", first, c.first)
			}
			for _, code := range c.with {
				if !slices.Contains(got, code) {
					t.Errorf("%s is missing", code)
				}
			}
			for _, code := range c.never {
				if slices.Contains(got, code) {
					t.Errorf("%s is there", code)
				}
			}
		})
	}
}

func TestPrefixesAreBoundedAndDistinct(t *testing.T) {
	all := Communes()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(all).Draw(t, "commune").Name
		words := strings.Fields(names.Fold(name))
		cut := rapid.IntRange(1, len(words[len(words)-1])).Draw(t, "cut")
		words[len(words)-1] = words[len(words)-1][:cut]
		got := CitiesWithPrefix(strings.Join(words, " "))
		if len(got) > maxPrefixed || len(got) == 0 {
			t.Fatalf("%d found for %q", len(got), words)
		}
		if len(slices.Compact(slices.Sorted(slices.Values(got)))) != len(got) {
			t.Fatalf("%q: a commune twice", words)
		}
	})
	if got := len(CitiesWithPrefix("s")); got != maxPrefixed {
		t.Errorf("one letter gives %d", got)
	}
}

func mustByINSEE(t *testing.T, code string) Commune {
	t.Helper()
	c, ok := ByINSEE(code)
	if !ok {
		t.Fatalf("no commune %s", code)
	}
	return c
}
