package web

import (
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	fr, en := View{}, View{English: true}
	day := time.Date(2026, 8, 1, 23, 30, 0, 0, time.UTC)
	for _, tt := range []struct{ rule, got, want string }{
		{"thousands are spaced in French", fr.N(1234567), "1\u202f234\u202f567"},
		{"and have commas in English", en.N(1234567), "1,234,567"},
		{"three digits stay together", fr.N(999), "999"},
		{"zero is singular in French", fr.Count(0, "nom", "noms", "name", "names"), "0\u00a0nom"},
		{"and plural in English", en.Count(0, "nom", "noms", "name", "names"), "0\u00a0names"},
		{"the first of a month has its ordinal", fr.Day(day), "1er août 2026"},
		{"a day in English", en.Day(day), "1 August 2026"},
		{"a French number is in pairs", phone("+33466000000"), "04 66 00 00 00"},
		{"another country's stays", phone("+32123456"), "+32123456"},
		{"whatever it is stays", phone("voir secrétariat"), "voir secrétariat"},
		{"words of the directory are marked on an English page", string(en.Fr("Médecin & <b>")), `<span lang="fr">Médecin &amp; &lt;b&gt;</span>`},
		{"and only there", string(fr.Fr("Médecin & <b>")), "Médecin &amp; &lt;b&gt;"},
		{"nothing is not marked", string(en.Fr("")), ""},
		{"an address in English", en.Link("/professionnels?q=x"), "/en/professionnels?q=x"},
		{"the first page in English", en.Link("/"), "/en"},
		{"with a question", en.Link("/?x=1"), "/en?x=1"},
		{"the same page in the other language", View{Path: "/etat?x=1"}.Other(), "/en/etat?x=1"},
		{"and back", View{English: true, Path: "/etat?x=1"}.Other(), "/etat?x=1"},
		{"a capital with an accent", capital("été"), "Été"},
		{"nothing has no capital", capital(""), ""},
		{"an authority that is known", authority("CNOM/CNOM/ARS").English, "the order of doctors (CNOM)"},
		{"one that is not", authority("XYZ//").French, "XYZ"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("%q, want %q", tt.got, tt.want)
			}
		})
	}
}

func TestPagesAreListedInBothLanguages(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Pages {
		seen[p.Path] = true
	}
	for _, p := range Pages {
		if !IsEnglish(p.Path) && !seen[English(p.Path)] {
			t.Errorf("%s is not in English", p.Path)
		}
	}
	if IsEnglish("/entente") || !IsEnglish("/en") || !IsEnglish("/en/etat") {
		t.Error("what is English")
	}
}
