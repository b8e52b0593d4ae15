package card

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
)

func zelie() *annuaire.Professional {
	coded := func(code, label string) annuaire.Coded { return annuaire.Coded{Code: code, Label: label} }
	address := func(street, code, city string) *annuaire.Address {
		return &annuaire.Address{Lines: []string{"BAT $ A", street}, Street: street, PostalCode: code, City: city, Department: coded(code[:2], "Lozère"), Region: coded("76", "Occitanie")}
	}
	return &annuaire.Professional{ID: "899012345679", Civility: "MME", Title: "DR", Family: "EXEMPLE", Given: "Zélie",
		Practices: []annuaire.Practice{{Profession: coded("10", "Médecin"), Specialties: []annuaire.Specialty{{Coded: coded("SM42", "Psychiatrie")}, {Coded: coded("CAPA", "Addictologie")}}}},
		Activities: []annuaire.Activity{
			{Mode: coded("S", ""), Structure: &annuaire.StructureRef{Name: "CH MENDE", FINESS: "480000017"}, Address: address("1 RUE A", "48000", "Mende"), Phones: []string{"+33466000001"}},
			{Mode: coded("L", ""), Structure: &annuaire.StructureRef{Name: "CABINET EXEMPLE", SIRET: "12345678900011"}, Address: address("2 RUE B", "48100", "Marvejols"), Phones: []string{"+33466000002"}},
		}}
}

func attributes(c Card) map[Attr][]string {
	out := map[Attr][]string{}
	for a := range c.All() {
		out[a] = valuesOf(c, a)
	}
	return out
}

// has checks some attributes; nil is none.
func has(t *testing.T, c Card, want map[Attr][]string) {
	t.Helper()
	got := attributes(c)
	for a, w := range want {
		if diff := cmp.Diff(w, got[a]); diff != "" {
			t.Errorf("attribute %d: %s", a, diff)
		}
	}
}

func TestMailboxCards(t *testing.T) {
	per := annuaire.Mailbox{Address: "z@x.mssante.fr", Kind: annuaire.KindPER, Owners: []string{"899012345679"}}
	t.Run("a personal box has the name, the trades and all places of its holder, liberal ones first", func(t *testing.T) {
		has(t, Mailbox(&per, zelie(), []string{"z2@x.mssante.fr"}), map[Attr][]string{
			CN: {"Zélie EXEMPLE", "EXEMPLE Zélie"}, SN: {"EXEMPLE"}, GivenName: {"Zélie"}, DisplayName: {"Zélie EXEMPLE"},
			SecondEmail: {"z2@x.mssante.fr"}, Title: {"Médecin - Psychiatrie, Addictologie"}, Profession: {"10"}, CodeProfession: {"10"},
			CodeSpecialite: {"SM42", "CAPA"}, IdNatPP: {"899012345679"}, IdentifiantPP: {"99012345679"}, TypeIdentifiantPP: {"8"},
			O: {"CABINET EXEMPLE", "CH MENDE"}, L: {"Marvejols", "Mende"}, TypeIdentifiantPM: {"SIRET", "FINESS"}, IdentifiantPM: {"12345678900011", "480000017"},
			PostalAddress: {`BAT \24 A$2 RUE B$48100 Marvejols`, `BAT \24 A$1 RUE A$48000 Mende`}, Departement: {"Lozère", "48"}, ST: {"Occitanie"}, TypeBAL: {"PER"},
			TelephoneNumber: {"+33466000002", "+33466000001"}})
	})
	t.Run("one attached to a structure shows that one, with its telephone", func(t *testing.T) {
		m := per
		m.Attachments = []annuaire.Attachment{{ID: "1480000017", Name: "CENTRE HOSPITALIER", Address: &annuaire.Address{City: "Mende", PostalCode: "48000"}}}
		has(t, Mailbox(&m, zelie(), nil), map[Attr][]string{O: {"CENTRE HOSPITALIER"}, L: {"Mende"}, TypeIdentifiantPM: {"FINESS"}, IdentifiantPM: {"480000017"},
			TelephoneNumber: {"+33466000001"}, SN: {"EXEMPLE"}, SecondEmail: nil})
	})
	t.Run("another kind of box has the name of its service, else of its structure", func(t *testing.T) {
		m := annuaire.Mailbox{Address: "a@x.mssante.fr", Kind: annuaire.KindORG, Description: "Accueil", Attachments: []annuaire.Attachment{{Name: "CH MENDE", Service: "Urgences"}}}
		has(t, Mailbox(&m, nil, nil), map[Attr][]string{CN: {"Urgences"}, SN: {"Urgences"}, GivenName: nil, O: {"CH MENDE"}, OU: {"Urgences"}, Description: {"Accueil"}, TypeBAL: {"ORG"}, IdNatPP: nil})
		m.Attachments[0].Service = ""
		has(t, Mailbox(&m, nil, nil), map[Attr][]string{CN: {"CH MENDE"}, SN: {"CH MENDE"}})
	})
	t.Run("a holder who is not in the directory is who the box says", func(t *testing.T) {
		m := per
		m.Family, m.Given, m.Profession = "ABSENT", "Paul", annuaire.Coded{Code: "99", Label: "Autre"}
		has(t, Mailbox(&m, nil, nil), map[Attr][]string{CN: {"Paul ABSENT", "ABSENT Paul"}, Title: {"Autre"}, Profession: {"99"}, IdNatPP: {"899012345679"}, L: nil})
	})
	t.Run("a box without any name has the one in its address: cn and sn are mandatory", func(t *testing.T) {
		m := annuaire.Mailbox{Address: "robot@x.mssante.fr", Kind: annuaire.KindAPP}
		has(t, Mailbox(&m, nil, nil), map[Attr][]string{CN: {"robot"}, SN: {"robot"}, DisplayName: {"robot"}})
	})
}

func TestPersonCards(t *testing.T) {
	t.Run("all boxes, the preferred first, the next ones as second addresses", func(t *testing.T) {
		c := Person(zelie(), []annuaire.Mailbox{{Address: "a@x"}, {Address: "b@x"}})
		has(t, c, map[Attr][]string{UID: {"899012345679"}, Mail: {"a@x", "b@x"}, SecondEmail: {"b@x"}, PersonalTitle: {"DR", "MME"}, TypeBAL: nil})
	})
	t.Run("somebody without any name is called by the number", func(t *testing.T) {
		has(t, Person(&annuaire.Professional{ID: "0759912345"}, nil), map[Attr][]string{SN: {"0759912345"}, CN: {"0759912345"}, TypeIdentifiantPP: {"0"}, IdentifiantPP: {"759912345"}})
	})
	t.Run("a given name alone is the surname too", func(t *testing.T) {
		has(t, Person(&annuaire.Professional{ID: "8", Given: "Ana"}, nil), map[Attr][]string{SN: {"Ana"}, CN: {"Ana"}, GivenName: {"Ana"}})
	})
}

func TestStructureCards(t *testing.T) {
	c := Structure(&annuaire.Structure{ID: "F1", Name: "CH MENDE", TradeName: "HOPITAL", FINESS: "480000017", FINESSEJ: "480000009", SIRET: "12345678900011", Phones: []string{"+33466000001"},
		Sector: annuaire.Coded{Code: "SA01", Label: "Etablissement public de santé"}})
	has(t, c, map[Attr][]string{UID: {"F1"}, O: {"CH MENDE", "HOPITAL"}, FINESS: {"480000017", "480000009"}, SIRET: {"12345678900011"}, IdentifiantPM: {"480000017", "480000009", "12345678900011"}, Description: {"Etablissement public de santé"}})
	has(t, Structure(&annuaire.Structure{ID: "F2", TradeName: "CABINET"}), map[Attr][]string{O: {"CABINET"}})
	has(t, Structure(&annuaire.Structure{ID: "F3"}), map[Attr][]string{O: {"F3"}})
}
