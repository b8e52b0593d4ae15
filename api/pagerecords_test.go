package api

import (
	"strings"
	"testing"

	"github.com/emersion/go-vcard"

	"annuaire"
)

func TestPersonPage(t *testing.T) {
	t.Parallel()
	d := newFake()
	s := pageServer(d)
	page := func(u string) (dom, string) {
		p := parsed(t, do(t, s, "GET", u).Body.String())
		return p, textOf(p.root)
	}
	t.Run("says everything of somebody", func(t *testing.T) {
		p, said := page("/professionnels/99012345679") // by RPPS
		for _, want := range []string{"DR Zélie EXEMPLE", "Psychiatrie", "Libéral", "Cabinet individuel", "12 RUE DES LILAS", "04 66 00 00 00", "99012345679", "899012345679",
			"l'Ordre des médecins (CNOM)", "21 novembre 2026", "Boîte personnelle"} {
			if !strings.Contains(said, want) {
				t.Errorf("does not say %q: %s", want, said)
			}
		}
		if p.linkTo("Pour un logiciel") != "/v1/professionals/899012345679" || p.linkTo("CABINET EXEMPLE") != "/structures/R10000000000001" {
			t.Error("links")
		}
	})
	t.Run("whoever has no box is shown those of the structures, and what to do", func(t *testing.T) {
		d.people[1].Value.Activities = []annuaire.Activity{{Profession: "28", Structure: &annuaire.StructureRef{ID: "F990000001", Name: "CH", FINESS: "990000001"}}}
		_, said := page("/professionnels/0990000001")
		for _, want := range []string{"pas d'adresse MSSanté publiée", "accueil@ch.formation.mssante.fr", "Que faire ?", "une boîte peut exister sans être publiée"} {
			if !strings.Contains(said, want) {
				t.Errorf("does not say %q: %s", want, said)
			}
		}
		if _, said := page("/professionnels/899012345679"); strings.Contains(said, "accueil@") || strings.Contains(said, "Que faire ?") {
			t.Error("whoever has one is not sent elsewhere")
		}
	})
	t.Run("somebody who has left is gone, since when, and nothing else is said", func(t *testing.T) {
		d.changes = []annuaire.Change{{Seq: 1, Kind: annuaire.KindPerson, Op: annuaire.Created, ID: goneID, Person: &annuaire.Professional{ID: goneID, Family: "PARTI", Given: "Jean"}},
			{Seq: 2, Kind: annuaire.KindPerson, Op: annuaire.Gone, ID: goneID, Time: extractTime}}
		w := do(t, s, "GET", "/professionnels/"+goneID)
		if body := w.Body.String(); w.Code != 410 || !strings.Contains(body, "21 novembre 2026") || strings.Contains(body, "PARTI") || strings.Contains(body, "Jean") {
			t.Error(w.Code, body)
		}
		if w := do(t, s, "GET", "/en/professionnels/"+goneID+"/carte.vcf"); w.Code != 410 {
			t.Error(w.Code)
		}
	})
}

func TestCardFile(t *testing.T) {
	t.Parallel()
	w := do(t, pageServer(newFake()), "GET", "/professionnels/899012345679/carte.vcf")
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/vcard; charset=utf-8" || w.Header().Get("Content-Disposition") != `attachment; filename="annuaire-899012345679.vcf"` {
		t.Fatal(w.Code, w.Header())
	}
	c, err := vcard.NewDecoder(w.Body).Decode()
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{"FN": "Zélie EXEMPLE", "EMAIL": "zelie.exemple@medecin.formation.mssante.fr", "TEL": "+33466000000", "TITLE": "Médecin · Psychiatrie", "ORG": "CABINET EXEMPLE"} {
		if got := c.Value(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if n := c.Name(); n.FamilyName != "EXEMPLE" || n.HonorificPrefix != "DR" || c.Address().Locality != "Mende" || !strings.Contains(c.Value("NOTE"), "FORMATION") {
		t.Errorf("%+v %+v %s", n, c.Address(), c.Value("NOTE"))
	}
}

func TestStructurePage(t *testing.T) {
	t.Parallel()
	d := newFake()
	s := pageServer(d)
	p := parsed(t, do(t, s, "GET", "/structures/F990000001").Body.String())
	said := textOf(p.root)
	for _, want := range []string{"CH EXEMPLE & FILS", "990000001", "99000000300001", "accueil@ch.formation.mssante.fr", "ACCUEIL", "2 professionnels", "Médecin · Psychiatrie", "Opticien-Lunetier", "jamais de données de santé"} {
		if !strings.Contains(said, want) {
			t.Errorf("does not say %q: %s", want, said)
		}
	}
	if got := p.linkTo("Filtrer ces professionnels"); got != "/professionnels?structure_id=F990000001" {
		t.Error(got)
	}
	if got := render(d.asked().Where); !strings.Contains(got, `equals(structure_id, "F990000001")`) {
		t.Error(got)
	}
}

func TestSuggestPart(t *testing.T) {
	t.Parallel()
	s := pageServer(newFake())
	w := do(t, s, "GET", "/en/suggestions?q=ex&family=dup")
	p := parsed(t, w.Body.String())
	var to []string
	for _, n := range p.all("div") {
		if attr(n, "role") == "option" {
			to = append(to, attr(n, "data-to"))
		}
	}
	if got := strings.Join(to, " "); got != "/en/professionnels/899012345679 /en/structures/R1%2F2 /en/professionnels?city=69123 /en/professionnels?q=kin%C3%A9" {
		t.Error(got)
	}
	if w := do(t, s, "GET", "/suggestions?q="); w.Code != 200 || strings.TrimSpace(w.Body.String()) != "" {
		t.Error(w.Code, w.Body)
	}
	if w := do(t, s, "GET", "/suggestions?q="+strings.Repeat("a", 300)); w.Code != 400 {
		t.Error(w.Code)
	}
}
