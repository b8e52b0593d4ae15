package audience

import (
	"slices"
	"strings"
	"testing"

	"annuaire"
)

func resolved(t *testing.T, text string) Meaning {
	t.Helper()
	a, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	m, err := a.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// codesOf returns the codes of each reading of each criterion: "specialty=SM40|profession=60&mode=L".
func codesOf(m Meaning) (out []string) {
	for _, term := range m.Terms {
		var readings []string
		for _, reading := range term.Means {
			var all []string
			for _, c := range reading {
				var codes []string
				for _, code := range c.Codes {
					codes = append(codes, code.Code)
				}
				all = append(all, string(c.Field)+"="+strings.Join(codes, ","))
			}
			readings = append(readings, strings.Join(all, "&"))
		}
		out = append(out, strings.Join(readings, "|"))
	}
	return out
}

func rules(m Meaning) (out []string) {
	for _, w := range m.Warnings {
		out = append(out, w.Rule)
	}
	return out
}

func TestValues(t *testing.T) {
	for _, tt := range []struct{ rule, text, codes, warnings string }{
		{"the measles example stands for the reviewed groups", "généraliste,pédiatre,urgentiste department:69,01,38",
			"specialty=SM26,SM53,SM54 specialty=SM40,SM87,SM88,SM89,SM90,C51 specialty=SM59 department=01,38,69", ""},
		{"an everyday word wins over the label that it is too, and says so", "specialty:pédiatrie", "specialty=SM40,SM87,SM88,SM89,SM90,C51", "audience_everyday_word"},
		{"a code is that code alone", "specialty:SM40 profession:10", "specialty=SM40 profession=10", ""},
		{"codes are read in any case", "specialty:sm40 sector:sa07 role:fon-01", "specialty=SM40 sector=SA07 role=FON-01", ""},
		{"a word of several fields keeps its readings", "biologiste", "specialty=SM03,SM63,SM64,SM65,SM66,SM67|profession=21&section=G,EG", ""},
		{"a word of two criteria keeps both", `"infirmier libéral"`, "profession=60&mode=L", ""},
		{"plurals and accents do not matter", "word:PEDIATRES", "specialty=SM40,SM87,SM88,SM89,SM90,C51", ""},
		{"an everyday word that says no more than the label needs no warning", `specialty:"Chirurgie orale"`, "specialty=SCD02,SM56", ""},
		{"départements by code, number or name", "department:1,rhône,2a,Réunion", "department=01,2A,69,974", ""},
		{"a region by its usual name", "region:paca", "region=93", ""},
		{"a city stands for its arrondissements", "city:Paris,Lyon", "insee=69123,75056", ""},
		{"an arrondissement is that one", `city:"Paris 12"`, "insee=75112", ""},
		{"homonyms are all meant, and said", "city:Saint-Denis", "insee=11339,30247,93066,97411", "audience_homonyms"},
		{"a commune of Corsica by its code", "city:2a004", "insee=2A004", ""},
		{"the beginning of a postal code", "postal_code:69,69003", "postal_code=69,69003", ""},
		{"a code newer than the tables is left to the directory", "sector:SA99", "sector=SA99", "audience_unknown_code"},
		{"an RPPS with a wrong key is kept, and said", "rpps:99012345670", "id=", "audience_check_digit"},
		{"a setting", "setting:ville setting:hôpital", "setting=ville setting=hopital", ""},
		{"a profession outside health is said", "profession:99", "profession=99", "audience_outside_health"},
		{"so is an everyday word for one", "word:secrétaire", "profession=99", "audience_outside_health"},
		{"so is a role of theirs", "role:313", "role=313", "audience_outside_health"},
		{"but not where it is taken away", "word:médecin -profession:99 exclude(profession:41)", "profession=10 profession=99 profession=41", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			m := resolved(t, tt.text)
			if got := strings.Join(codesOf(m), " "); got != tt.codes {
				t.Errorf("%s, want %s", got, tt.codes)
			}
			if got := strings.Join(rules(m), " "); got != tt.warnings {
				t.Errorf("warnings %q, want %q: %v", got, tt.warnings, m.Warnings)
			}
		})
	}
	t.Run("what removes people says so", func(t *testing.T) {
		m := resolved(t, "mode:L -sector:SA07 -(sector:SA05 -role:FON-01) exclude(mode:S -mode:B)")
		var removes []bool
		for _, term := range m.Terms {
			removes = append(removes, term.Removes)
		}
		if !slices.Equal(removes, []bool{false, true, true, false, true, false}) {
			t.Fatal(removes)
		}
	})
	t.Run("long lists are counted, not repeated", func(t *testing.T) {
		term := resolved(t, "include(rpps:99012345679,99012345687)").Terms[0]
		if c := term.Means[0][0]; c.Count != 2 || c.Codes != nil {
			t.Fatal(term)
		}
	})
	t.Run("mailboxes are those of people unless others are named", func(t *testing.T) {
		if got := resolved(t, "mode:L").Kinds; !slices.Equal(got, []annuaire.MailboxKind{"PER", "CAB"}) {
			t.Fatal(got)
		}
		if got := resolved(t, "mode:L kind:ORG").Kinds; !slices.Equal(got, []annuaire.MailboxKind{"ORG"}) {
			t.Fatal(got)
		}
	})
}

func TestValueFaults(t *testing.T) {
	for _, tt := range []struct{ rule, text, says string }{
		{"a misspelt word", "mode:L pédiatri", "character 8: \"pédiatri\" is no everyday word; the nearest: pédiatre, pédiatrie"},
		{"a misspelt label", "specialty:cardiologi", "specialty: \"cardiologi\" is not understood; the nearest: "},
		{"a misspelt département", "department:Rone", "the nearest: Orne, Rhône"},
		{"the former number of Corsica", "department:20", "the nearest: 2A, 2B"},
		{"a word of another criterion", "sector:hôpital", "the nearest: word:hôpital"},
		{"a connective in small letters", "médecin or kiné", "\"or\": OR is written in capitals"},
		{"a commune that does not exist", "city:Trifouillis-les-Oies", "city: \"Trifouillis-les-Oies\" is not understood"},
		{"a FINESS too short", "finess:12345678", "finess: \"12345678\" is not understood"},
		{"a SIRET with a letter", "siret:1234567890001A", "is not understood"},
		{"an RPPS too long", "rpps:9901234567999", "is not understood"},
		{"ten letters are no number", "rpps:abcdefghij", "is not understood"},
		{"one digit is no beginning of a postal code", "postal_code:6", "is not understood"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			a, err := Parse(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			_, err = a.Resolve()
			if annuaire.RuleOf(err) != ruleValue || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.(*annuaire.Error).Message, "%!") {
				t.Fatal(err)
			}
		})
	}
}
