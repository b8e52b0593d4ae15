package nomenclature

import (
	"slices"
	"strings"
	"testing"

	"annuaire/internal/names"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestResolve(t *testing.T) {
	for name, c := range map[string]struct {
		table Table
		text  string
		want  []string
	}{
		"a code":                                      {Profession, "10", []string{"10"}},
		"a code in any case":                          {Skill, "sm42", []string{"SM42"}},
		"a code with spaces around":                   {Sector, " SA07 ", []string{"SA07"}},
		"a code with a hyphen":                        {Role, "fon-33", []string{"FON-33"}},
		"a code wins over a label":                    {Section, "m", []string{"M"}},
		"a label":                                     {Profession, "Médecin", []string{"10"}},
		"a label without accents":                     {Profession, "medecin", []string{"10"}},
		"a label with spaces for hyphens":             {Profession, "masseur kinesitherapeute", []string{"70"}},
		"a feminine":                                  {Profession, "infirmière", []string{"60"}},
		"a plural":                                    {Profession, "médecins", []string{"10"}},
		"a feminine plural":                           {Profession, "INFIRMIÈRES", []string{"60"}},
		"a plural in two words":                       {Profession, "sages-femmes", []string{"50"}},
		"an everyday word":                            {Profession, "dentistes", []string{"40"}},
		"a closed code keeps answering":               {Profession, "ostéopathe", []string{"171", "71"}},
		"the extract's Audio-Prothésiste":             {Profession, "Audio-Prothésiste", []string{"26"}},
		"the extract's Technicien de Laboratoire":     {Profession, "Technicien de Laboratoire", []string{"86"}},
		"the extract's Acteur du système de santé":    {Profession, "Acteur du système de santé caractérisé par un rôle", []string{"99"}},
		"the extract's missing accent":                {Skill, "Anesthesie-réanimation", []string{"C03", "SM02"}},
		"the extract's O.R.L":                         {Skill, "O.R.L et chirurgie cervico faciale", []string{"SM34"}},
		"the extract's dropped commas":                {Skill, "Endocrinologie diabétologie nutrition", []string{"SM62"}},
		"the extract's capitals":                      {Skill, "Qualifié en Médecine Générale", []string{"SM26"}},
		"the extract's squeezed IPA label":            {Skill, "Exerc. infirmier pratique avancée maladie rénale chroniq.dialysetransp. rénale", []string{"SI03"}},
		"the extract's abbreviated cardiology":        {Skill, "Méd cardiovasculaire opt card interventionnelle", []string{"SM79"}},
		"general practice is three codes":             {Skill, "médecine générale", []string{"SM26", "SM53", "SM54"}},
		"a specialist of it is one":                   {Skill, "Spécialiste en Médecine Générale", []string{"SM53"}},
		"a label shared by two nomenclatures":         {Skill, "neurologie", []string{"C43", "SM32"}},
		"the NOS suffix chooses between them":         {Skill, "Neurologie (SM)", []string{"SM32"}},
		"the other suffix chooses the other":          {Skill, "Neurologie (C)", []string{"C43"}},
		"cardiology before and after the 2017 reform": {Skill, "cardiologie", []string{"C07", "SM04", "SM73"}},
		"the extract's short Libéral":                 {Mode, "Libéral", []string{"L"}},
		"the NOS's long Libéral":                      {Mode, "Libéral, indépendant, artisan, commerçant", []string{"L"}},
		"the extract's sector":                        {Sector, "Fab. Exploit. Import. Méd. DM", []string{"SA32"}},
		"the extract's genre":                         {Genre, "Activité standard de soin ou de pharmacien", []string{"GENR01"}},
		"the hospital in French":                      {Setting, "hôpital", []string{"hopital"}},
		"the hospital in English":                     {Setting, "hospital", []string{"hopital"}},
		"the town in capitals":                        {Setting, "VILLE", []string{"ville"}},
		"a mailbox kind":                              {MailboxKind, "per", []string{"PER"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := Resolve(c.table, c.text)
			if diff := cmp.Diff(c.want, got); diff != "" || !ok {
				t.Errorf("%v (-want +got):\n%s", ok, diff)
			}
		})
	}
}

func TestResolveRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		table Table
		text  string
	}{
		"an empty text":                   {Profession, ""},
		"signs only":                      {Profession, " - "},
		"the beginning of a label":        {Profession, "infirm"},
		"a code of another table":         {Profession, "SM42"},
		"a code newer than the table":     {Sector, "SA65"},
		"an unknown table":                {"planet", "10"},
		"a plural that is no word's":      {Profession, "s"},
		"a label of which only part fits": {Skill, "psychiatrie lunaire"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := Resolve(c.table, c.text); ok || got != nil {
				t.Errorf("got %v %v, want nothing", got, ok)
			}
		})
	}
}

func TestEveryLabelResolvesToItsCode(t *testing.T) {
	for _, name := range Tables() {
		for _, e := range tables()[name].entries {
			texts := append([]string{e.label, e.code, strings.ToUpper(e.label), names.Fold(e.label)}, e.variants...)
			for _, text := range texts {
				codes, ok := Resolve(name, text)
				if _, isCode := tables()[name].byCode[strings.ToUpper(text)]; isCode && text != e.code {
					continue // a code wins over a variant
				}
				if !ok || !slices.Contains(codes, e.code) {
					t.Errorf("%s %s: %q resolves to %v", name, e.code, text, codes)
				}
			}
		}
	}
}

func TestEveryProfessionResolvesInThePlural(t *testing.T) {
	for _, e := range tables()[Profession].entries {
		if e.closed != "" {
			continue
		}
		first, rest, _ := strings.Cut(names.Fold(e.label), " ")
		for _, plural := range []string{first + "s " + rest, strings.TrimRight(names.Fold(e.label), "s") + "s"} {
			if codes, ok := Resolve(Profession, plural); !ok || !slices.Contains(codes, e.code) {
				t.Errorf("%s: %q resolves to %v", e.code, plural, codes)
			}
		}
	}
}

func TestWhatResolvesHasALabel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(Tables()).Draw(t, "table")
		anything := rapid.OneOf(rapid.String(), rapid.SampledFrom(Codes(name)), rapid.StringMatching(`[a-z]{1,3}[0-9]{0,2}`))
		text := anything.Draw(t, "text")
		codes, ok := Resolve(name, text)
		if ok != (len(codes) > 0) {
			t.Fatalf("ok is %v for %v", ok, codes)
		}
		for _, c := range codes {
			if _, known := Label(name, c); !known {
				t.Fatalf("%s has no label", c)
			}
		}
	})
}

func TestNearest(t *testing.T) {
	for name, c := range map[string]struct {
		table Table
		text  string
		want  []string
	}{
		"a missing letter":             {Profession, "medcin", []string{"Médecin"}},
		"two letters swapped":          {Profession, "mdéecin", []string{"Médecin"}},
		"a word of a long label":       {Discipline, "cardiologe", []string{"Cardiologie et maladies vasculaires"}},
		"a shared beginning":           {Mode, "libertaire", []string{"Libéral"}},
		"a variant proposes its label": {Profession, "kinesiterapeute", []string{"Masseur-Kinésithérapeute"}},
		"nothing near":                 {Mode, "zzz", nil},
		"nothing for nothing":          {Mode, "", nil},
		"nothing for a novel":          {Mode, strings.Repeat("liberal ", 40), nil},
		"nothing in an unknown table":  {"planet", "medecin", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := Nearest(c.table, c.text)
			if first := got[:min(1, len(got))]; !slices.Equal(first, c.want) {
				t.Errorf("got %q, want %q first", got, c.want)
			}
		})
	}
}

func TestNearestIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		got := Nearest(Skill, rapid.StringMatching(`[a-zé ]{0,20}`).Draw(t, "text"))
		if len(got) > maxNearest {
			t.Fatalf("%d labels", len(got))
		}
		for i, l := range got {
			if codes, ok := Resolve(Skill, l); !ok {
				t.Fatalf("%q was proposed and resolves to %v", l, codes)
			}
			for _, other := range got[:i] {
				if other == l {
					t.Fatalf("%q twice", l)
				}
			}
		}
	})
}
