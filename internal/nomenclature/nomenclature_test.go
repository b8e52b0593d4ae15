package nomenclature

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"annuaire/internal/names"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestLabels(t *testing.T) {
	for _, c := range []struct {
		table       Table
		code, label string
	}{
		{Profession, "10", "Médecin"},
		{Profession, "26", "Audioprothésiste"},
		{Profession, "86", "Technicien de laboratoire médical"},
		{Profession, "93", "Psychologue"},
		{Profession, "99", "Acteur caractérisé par son rôle"},
		{Category, "F", "Fonctionnaire d'Etat ou de collectivité locale"},
		{SkillType, "CEX", "Compétence exclusive"},
		{Skill, "SM02", "Anesthésie-réanimation"},
		{Skill, "SM04", "Cardiologie et maladies vasculaires"},
		{Skill, "SM08", "Chirurgie orthopédique et traumatologie"},
		{Skill, "SM26", "Qualifié en médecine générale"},
		{Skill, "SM42", "Psychiatrie"},
		{Skill, "SM53", "Spécialiste en médecine générale"},
		{Skill, "SM54", "Médecine générale"},
		{Skill, "SM79", "Médecine cardiovasculaire option cardiologie interventionnelle"},
		{Skill, "SI08", "Infirmier puériculteur"},
		{Skill, "CEX64", "Urologie"},
		{Mode, "L", "Libéral"},
		{Sector, "SA07", "Cabinet individuel"},
		{Sector, "SA32", "Fabrication, exploitation et importation de médicaments et dispositifs médicaux"},
		{Section, "A", "Pharmacien titulaire d'officine"},
		{Role, "FON-33", "Salarié en poste fixe"},
		{Genre, "GENR01", "Activité de soin et de pharmacie"},
		{Civility, "MME", "Madame"},
		{Title, "PR", "Professeur"},
		{DiplomaType, "DE", "Diplôme d'Etat français"},
		{Diploma, "DE09", "Diplôme d'Etat Infirmier"},
		{AuthorisationType, "AM18", "Autorisation de l'Agence régionale de santé (ARS)"},
		{Discipline, "DAUT26", "Médecine générale"},
		{StructureIDType, "3", "SIRET"},
		{PersonIDType, "8", "RPPS"},
		{MailboxKind, "ORG", "Organisationnelle"},
		{Setting, "hopital", "Hôpital"},
	} {
		t.Run(string(c.table)+" "+c.code, func(t *testing.T) {
			if got, ok := Label(c.table, c.code); !ok || got != c.label {
				t.Errorf("got %q %v, want %q", got, ok, c.label)
			}
		})
	}
}

func TestLabelOfUnknown(t *testing.T) {
	for name, c := range map[string]struct {
		table Table
		code  string
	}{
		"a code newer than the table has no label":           {Sector, "SA65"},
		"labels are of exact codes":                          {Skill, "sm42"},
		"an empty code has no label":                         {Profession, ""},
		"an unknown table has no label":                      {"planet", "10"},
		"spaces are not part of a code, and are not excused": {Mode, "L "},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := Label(c.table, c.code); ok || got != "" {
				t.Errorf("got %q %v, want nothing", got, ok)
			}
		})
	}
}

func TestEveryTableIsSound(t *testing.T) {
	date := regexp.MustCompile(`^(20\d\d(-\d\d-\d\d)?)?$`)
	for _, name := range allTables {
		t.Run(string(name), func(t *testing.T) {
			tab := tables()[name]
			if len(tab.entries) < 2 {
				t.Fatalf("%d codes", len(tab.entries))
			}
			for _, e := range tab.entries {
				for _, text := range append([]string{e.label}, e.variants...) {
					if strings.TrimSpace(text) != text || names.Fold(text) == "" {
						t.Errorf("%s: text %q", e.code, text)
					}
				}
				if seen := slices.Compact(slices.Sorted(slices.Values(e.variants))); len(seen) != len(e.variants) {
					t.Errorf("%s: a variant twice", e.code)
				}
				if !date.MatchString(e.closed) {
					t.Errorf("%s: closing date %q", e.code, e.closed)
				}
				if strings.TrimSpace(e.code) != e.code {
					t.Errorf("code %q", e.code)
				}
			}
		})
	}
}

// Every text that means several codes is listed in the golden file, so that a table cannot get an unwanted homonym unnoticed.
func TestSharedTextsAreListed(t *testing.T) {
	var b strings.Builder
	for _, name := range allTables {
		tab := tables()[name]
		keys := make([]string, 0, len(tab.byStem))
		for text, codes := range tab.byStem {
			if len(codes) > 1 {
				keys = append(keys, text)
			}
		}
		slices.Sort(keys)
		for _, text := range keys {
			fmt.Fprintf(&b, "%s\t%s\t%s\n", name, text, strings.Join(tab.byStem[text], " "))
		}
	}
	golden(t, "shared.golden", b.String())
}

func TestCodesAreSorted(t *testing.T) {
	want := []string{"C", "E", "F", "M"}
	if diff := cmp.Diff(want, Codes(Category)); diff != "" {
		t.Error(diff)
	}
	if got := Codes("planet"); got != nil {
		t.Errorf("an unknown table has codes %v", got)
	}
	for _, name := range allTables {
		if !slices.IsSorted(Codes(name)) {
			t.Errorf("%s is not sorted", name)
		}
	}
}

func TestCallersCannotChangeTheTables(t *testing.T) {
	codes, _ := Resolve(Skill, "médecine générale")
	codes[0] = "spoilt"
	Codes(Skill)[0] = "spoilt"
	again, _ := Resolve(Skill, "médecine générale")
	if again[0] == "spoilt" || Codes(Skill)[0] == "spoilt" {
		t.Error("a returned slice is the table's own")
	}
}

func TestClosed(t *testing.T) {
	for code, want := range map[string]string{"SA11": "2020-06-26", "SA07": "", "SA99": ""} {
		if got := Closed(Sector, code); got != want {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
}
