package codes

import (
	"testing"

	"annuaire"
	"annuaire/internal/nomenclature"
)

func TestLabel(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		field annuaire.Field
		code  string
		want  string
	}{
		{"a profession has its label in the nomenclature", annuaire.FieldProfession, "10", "Médecin"},
		{"a specialty is a savoir-faire", annuaire.FieldSpecialty, "SM40", "Pédiatrie"},
		{"a département has its name", annuaire.FieldDepartment, "2A", "Corse-du-Sud"},
		{"a region too", annuaire.FieldRegion, "76", "Occitanie"},
		{"a city is known by its commune code", annuaire.FieldCity, "48095", "Mende"},
		{"as a commune is", annuaire.FieldINSEE, "48095", "Mende"},
		{"a city by any other name has no label", annuaire.FieldCity, "cheltenham", ""},
		{"nor has a code that no table knows", annuaire.FieldSpecialty, "?", ""},
		{"nor one that is written otherwise", annuaire.FieldSpecialty, "sm40", ""},
		{"nor a code of another criterion", annuaire.FieldDepartment, "10x", ""},
		{"nor a criterion without codes", annuaire.FieldFamily, "10", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := Label(tt.field, tt.code); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	t.Run("every code of every table that a criterion has is labelled by it", func(t *testing.T) {
		for f, table := range tables {
			all := nomenclature.Codes(table)
			if len(all) == 0 {
				t.Errorf("%s: the table %q has no codes", f, table)
			}
			for _, code := range all {
				if Label(f, code) == "" {
					t.Errorf("%s %s has no label", f, code)
				}
			}
		}
	})
}

func TestShown(t *testing.T) {
	for _, tt := range []struct {
		rule string
		c    annuaire.Coded
		want string
	}{
		{"the nomenclature has the last word: extracts abbreviate", annuaire.Coded{Code: "10", Label: "MED"}, "Médecin"},
		{"what it does not know is shown as the extract has it", annuaire.Coded{Code: "999", Label: "Nouveau métier"}, "Nouveau métier"},
		{"else the code is, so that a screen never shows a blank", annuaire.Coded{Code: "999"}, "999"},
		{"no code is nothing", annuaire.Coded{}, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := Shown(nomenclature.Profession, tt.c); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
