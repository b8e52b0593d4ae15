package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
)

func TestSettle(t *testing.T) {
	for name, c := range map[string]struct {
		stated []string
		want   string
	}{
		"the value of most rows wins":          {[]string{"B", "A", "A"}, "A"},
		"an empty value never wins":            {[]string{"", "", "", "A"}, "A"},
		"of two as frequent, the greater wins": {[]string{"A", "B", "B", "A"}, "B"},
		"greater is in byte order":             {[]string{"z", "É"}, "É"},
		"nothing stated is nothing":            {[]string{"", ""}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := votes{}
			for _, s := range c.stated {
				v.add(s, 1)
			}
			if got := v.settle(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	v := votes{}
	v.add("A", 2)
	v.add("B", 3)
	v.add("A", 2)
	if v.settle() != "A" {
		t.Error("votes do not add up")
	}
}

func TestIdentity(t *testing.T) {
	named := func(kv ...string) fields { return doctor.with(kv...) }
	t.Run("names and civilities are those of the rows", func(t *testing.T) {
		p := personOf(t, []fields{named("Code civilité", "MME", "Code civilité d'exercice", "DR")}, nil, nil)
		if p.ID != annaID || p.Family != "EXEMPLE" || p.Given != "Anna" || p.Civility != "MME" || p.Title != "DR" {
			t.Error(p)
		}
	})
	t.Run("each field is settled on its own", func(t *testing.T) {
		p := personOf(t, []fields{named("Nom d'exercice", "NOM", "Code civilité", "MME"), named("Prénom d'exercice", "", "Code mode exercice", "S"),
			named("Code civilité d'exercice", "PR", "Code mode exercice", "L")}, nil, nil)
		if p.Family != "EXEMPLE" || p.Given != "Anna" || p.Civility != "MME" || p.Title != "PR" {
			t.Error(p)
		}
	})
	t.Run("a given name may be missing", func(t *testing.T) {
		if p := personOf(t, []fields{named("Prénom d'exercice", "")}, nil, nil); p.Given != "" || p.Family != "EXEMPLE" {
			t.Error(p)
		}
	})
}

// shape is the practices of a person as "profession/category: type:code ...".
func shape(p annuaire.Professional) (out []string) {
	for _, pr := range p.Practices {
		s := pr.Profession.Code + "/" + pr.Category.Code + ":"
		for _, sp := range pr.Specialties {
			s += " " + sp.Type + ":" + sp.Code
		}
		out = append(out, s)
	}
	return out
}

func skill(profession, category, kind, code string) fields {
	return anna.with("Code profession", profession, "Code catégorie professionnelle", category, "Code type savoir-faire", kind, "Code savoir-faire", code)
}

func TestPractices(t *testing.T) {
	for name, c := range map[string]struct {
		activities, skills []fields
		want               []string
	}{
		"one per profession and category, in order": {
			[]fields{skill("60", "C", "", ""), skill("10", "M", "", ""), skill("10", "C", "", ""), skill("10", "C", "S", "SM54")}, nil,
			[]string{"10/C: S:SM54", "10/M:", "60/C:"}},
		"savoir-faire of both files are united, once each": {
			[]fields{skill("10", "C", "S", "SM54")}, []fields{skill("10", "C", "S", "SM54"), skill("10", "C", "S", "SM42")},
			[]string{"10/C: S:SM42 S:SM54"}},
		"S comes first, then CEX, then PAC, then the rest by type": {
			[]fields{skill("10", "C", "PAC", "PAC00")},
			[]fields{skill("10", "C", "DNQ", "D1"), skill("10", "C", "C", "C05"), skill("10", "C", "CEX", "CEX22"), skill("10", "C", "S", "SM04")},
			[]string{"10/C: S:SM04 CEX:CEX22 PAC:PAC00 C:C05 DNQ:D1"}},
		"one code under two types is two savoir-faire": {
			[]fields{skill("10", "C", "S", "SM54"), skill("10", "C", "FQ", "SM54")}, nil, []string{"10/C: S:SM54 FQ:SM54"}},
		"a practice that only SavoirFaire names is created": {
			[]fields{skill("10", "C", "", "")}, []fields{skill("21", "C", "S", "SP01")}, []string{"10/C:", "21/C: S:SP01"}},
		"a type without a code states nothing": {
			[]fields{skill("10", "C", "S", "")}, nil, []string{"10/C:"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, shape(personOf(t, c.activities, c.skills, nil))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestLabels(t *testing.T) {
	t.Run("the label of a known code is not kept", func(t *testing.T) {
		p := personOf(t, []fields{skill("10", "C", "S", "SM54").with("Libellé profession", "Medecin", "Libellé savoir-faire", "Med gen")}, nil, nil)
		if pr := p.Practices[0]; pr.Profession.Label != "" || pr.Specialties[0].Label != "" {
			t.Error(pr)
		}
	})
	t.Run("that of an unknown code is the file's", func(t *testing.T) {
		p := personOf(t, []fields{skill("10", "C", "S", "SM999").with("Libellé savoir-faire", "Nouvelle spécialité", "Code mode exercice", "Z",
			"Libellé mode exercice", "Mode nouveau")}, nil, nil)
		if p.Practices[0].Specialties[0].Label != "Nouvelle spécialité" || p.Activities[0].Mode != (annuaire.Coded{Code: "Z", Label: "Mode nouveau"}) {
			t.Error(p)
		}
	})
	t.Run("a label without a code is nothing", func(t *testing.T) {
		p := personOf(t, []fields{doctor.with("Libellé mode exercice", "Libéral")}, nil, nil)
		if len(p.Activities) != 0 {
			t.Error(p.Activities)
		}
	})
	t.Run("rows that name an unknown code in two ways give the greater name", func(t *testing.T) {
		mode := func(label string) fields {
			return doctor.with("Code profession", "P9", "Libellé profession", "p"+label, "Code mode exercice", "Z", "Libellé mode exercice", label)
		}
		p := personOf(t, []fields{mode("A"), mode("B"), mode("A")}, nil, nil)
		if len(p.Activities) != 1 || p.Activities[0].Mode.Label != "B" || p.Practices[0].Profession.Label != "pB" {
			t.Error(p)
		}
	})
}

func TestDiplomas(t *testing.T) {
	diploma := func(kind, code string) fields {
		return anna.with("Code type diplôme obtenu", kind, "Code diplôme obtenu", code)
	}
	rows := []fields{
		diploma("DES", "DSM30"), diploma("DE", "DE09"), diploma("DE", "DE09"), diploma("DE", ""),
		anna.with("Code type autorisation", "AM02", "Code discipline autorisation", "D2"), anna.with("Code type autorisation", "AM01"),
		diploma("DES", "DZZ").with("Libellé diplôme obtenu", "A", "Code type autorisation", "AM01"),
		diploma("DES", "DZZ").with("Libellé diplôme obtenu", "B", "Code type autorisation", "AM01"),
	}
	p := personOf(t, []fields{skill("60", "C", "", ""), skill("10", "C", "", "")}, nil, rows)
	t.Run("stand in the first practice, sorted, once each", func(t *testing.T) {
		var got []string
		for _, d := range p.Practices[0].Diplomas {
			got = append(got, d.Type+":"+d.Code)
		}
		if d := cmp.Diff([]string{"DE:DE09", "DES:DSM30", "DES:DZZ"}, got); d != "" {
			t.Error(d)
		}
		if p.Practices[1].Diplomas != nil {
			t.Error("and in the second", p.Practices[1])
		}
	})
	t.Run("one named in two ways is one, under the greater name", func(t *testing.T) {
		if d := p.Practices[0].Diplomas[2]; d.Label != "B" {
			t.Error(d)
		}
	})
	t.Run("authorisations stand beside them, also those of rows with both", func(t *testing.T) {
		var got []string
		for _, a := range p.Practices[0].Authorisations {
			got = append(got, a.Type.Code+"/"+a.Discipline.Code)
		}
		if d := cmp.Diff([]string{"AM01/", "AM02/D2"}, got); d != "" {
			t.Error(d)
		}
	})
}

func TestActivities(t *testing.T) {
	t.Run("rows that differ by their savoir-faire alone are one activity", func(t *testing.T) {
		p := personOf(t, []fields{atR1.with("Code type savoir-faire", "S", "Code savoir-faire", "SM54"),
			atR1.with("Code type savoir-faire", "S", "Code savoir-faire", "SM42"), atR1}, nil, nil)
		if len(p.Activities) != 1 || len(p.Practices[0].Specialties) != 2 {
			t.Error(p)
		}
	})
	t.Run("a true duplicate adds nothing", func(t *testing.T) {
		if d := cmp.Diff(personOf(t, []fields{atR1}, nil, nil), personOf(t, []fields{atR1, atR1, atR1}, nil, nil)); d != "" {
			t.Error(d)
		}
	})
	for name, kv := range map[string][]string{
		"mode":      {"Code mode exercice", "S"},
		"sector":    {"Code secteur d'activité", "SA08"},
		"section":   {"Code section tableau pharmaciens", "A"},
		"role":      {"Code rôle", "FON-01"},
		"genre":     {"Code genre activité", "GENR01"},
		"authority": {"Autorité d'enregistrement", "CNOM/CNOM/ARS"},
		"structure": {"Identifiant technique de la structure", "R2"},
		"category":  {"Code catégorie professionnelle", "M"},
	} {
		t.Run("another "+name+" is another activity", func(t *testing.T) {
			if p := personOf(t, []fields{atR1, atR1.with(kv...)}, nil, nil); len(p.Activities) != 2 {
				t.Error(p.Activities)
			}
		})
	}
	t.Run("a row that states only a practice is a practice without activity", func(t *testing.T) {
		p := personOf(t, []fields{doctor.with("Autorité d'enregistrement", "CNOM//")}, nil, nil)
		if len(p.Activities) != 0 || len(p.Practices) != 1 || len(p.Situations()) != 1 {
			t.Error(p)
		}
	})
	t.Run("an activity may have no structure", func(t *testing.T) {
		p := personOf(t, []fields{doctor.with("Code mode exercice", "S", "Code genre activité", "GENR02")}, nil, nil)
		if a := p.Activities; len(a) != 1 || a[0].Structure != nil || a[0].Address != nil || a[0].Profession != "10" || a[0].Category != "C" {
			t.Error(a)
		}
	})
	t.Run("an activity shows its structure as settled, not as its own row states it", func(t *testing.T) {
		p := personOf(t, []fields{atR1, atR1.with("Raison sociale site", "ANCIEN NOM", "Code mode exercice", "S"),
			atR1.with("Code mode exercice", "B")}, nil, nil)
		for _, a := range p.Activities {
			if a.Structure.Name != "CABINET" {
				t.Error(a.Structure)
			}
		}
	})
}
