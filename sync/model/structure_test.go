package model

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
	"annuaire/sync/extract"
)

func TestStructureOf(t *testing.T) {
	base := fields{"Type d'identifiant PP": "8", "Identifiant PP": "99000000017"}
	t.Run("all its fields", func(t *testing.T) {
		s := siteOfRow(t, base.with("Identifiant technique de la structure", "F990000019", "Ancien identifiant de la structure", "1990000019",
			"Numéro FINESS site", "F990000019", "Numéro FINESS établissement juridique", "990000001", "Numéro SIRET site", "990 000 001 00017",
			"Raison sociale site", "CH EXEMPLE", "Enseigne commerciale site", "URGENCES", "Code secteur d'activité", "SA01",
			"Libellé secteur d'activité", "Etab public", "Téléphone (coord. structure)", "04 66 00 00 00", "Téléphone 2 (coord. structure)", "+33466000000",
			"Télécopie (coord. structure)", "0466000001", "Adresse e-mail (coord. structure)", "Contact@Exemple.fr;x@ch.formation.mssante.fr;?"))
		want := &annuaire.Structure{ID: "F990000019", FormerID: "1990000019", FINESS: "990000019", FINESSEJ: "990000001", SIREN: "990000001",
			SIRET: "99000000100017", Name: "CH EXEMPLE", TradeName: "URGENCES", Sector: annuaire.Coded{Code: "SA01"},
			Phones: []string{"+33466000000"}, Fax: "+33466000001", Emails: []string{"contact@exemple.fr"}}
		if d := cmp.Diff(want, s); d != "" {
			t.Error(d)
		}
	})
	t.Run("a stated SIREN is kept", func(t *testing.T) {
		if s := siteOfRow(t, base.with("Numéro SIRET site", "99000000100017", "Numéro SIREN site", "991111111")); s.SIREN != "991111111" {
			t.Error(s.SIREN)
		}
	})
	t.Run("no SIREN comes from half a SIRET", func(t *testing.T) {
		if s := siteOfRow(t, base.with("Numéro SIRET site", "9900000010")); s.SIREN != "" || s.SIRET != "9900000010" {
			t.Error(s)
		}
	})
	t.Run("junk telephones are dropped, two real ones kept in order", func(t *testing.T) {
		s := siteOfRow(t, base.with("Identifiant technique de la structure", "R1", "Téléphone (coord. structure)", "0590123456",
			"Téléphone 2 (coord. structure)", "0000", "Télécopie (coord. structure)", "poste 12"))
		if d := cmp.Diff([]string{"+590590123456"}, s.Phones); d != "" || s.Fax != "" {
			t.Error(d, s.Fax)
		}
	})
}

func TestSiteID(t *testing.T) {
	row := func(kv ...string) *extract.Row { return rowsOf(t, extract.Activities, doctor.with(kv...))[0] }
	id := func(kv ...string) string { return SiteID(row(kv...)) }
	t.Run("the technical identifier, trimmed", func(t *testing.T) {
		if got := id("Identifiant technique de la structure", " R1 ", "Raison sociale site", "X"); got != "R1" {
			t.Error(got)
		}
	})
	place := []string{"Raison sociale site", "CABINET", "Libellé Voie (coord. structure)", "DES LILAS", "Code postal (coord. structure)", "48000"}
	t.Run(`else X and 16 hexadecimal digits`, func(t *testing.T) {
		if got := id(place...); !regexp.MustCompile(`^X[0-9a-f]{16}$`).MatchString(got) {
			t.Error(got)
		}
	})
	t.Run("which differ with the place and not with the telephone or the activity", func(t *testing.T) {
		one := id(place...)
		if other := id(append(place, "Numéro Voie (coord. structure)", "3")...); other == one {
			t.Error("another number in the street is the same place")
		}
		if same := id(append(place, "Téléphone (coord. structure)", "0466000000", "Code mode exercice", "L", "Code secteur d'activité", "SA07")...); same != one {
			t.Error("another telephone is another place")
		}
	})
	t.Run("none for a row without a place", func(t *testing.T) {
		r := row("Code mode exercice", "L", "Téléphone (coord. structure)", "0466000000")
		if _, ok := SiteKey(r); SiteID(r) != "" || ok || StructureOf(r) != nil {
			t.Error(SiteID(r))
		}
	})
	t.Run("the key is that of the identifier", func(t *testing.T) {
		for _, kv := range [][]string{{"Identifiant technique de la structure", "R1"}, place} {
			r := row(kv...)
			if key, ok := SiteKey(r); !ok || key != KeyOfID(SiteID(r)) {
				t.Error(kv)
			}
		}
	})
	t.Run("the hash sees all that is shown of a structure, and nothing of the person", func(t *testing.T) {
		base := SiteHash(row(place...))
		for _, name := range extract.Header(extract.Activities)[19:48] { // from SIRET to the registering authority
			seen := SiteHash(row(append(place, name, "ZZ9")...)) != base
			if want := name != "Autorité d'enregistrement" && name != "Code Département (structure)" && name != "Libellé Département (structure)"; seen != want {
				t.Errorf("%s: seen %t", name, seen)
			}
		}
		if SiteHash(row(append(place, "Libellé secteur d'activité", "Nouveau")...)) == base {
			t.Error("the label of a sector is not seen")
		}
		if SiteHash(row(append(place, "Nom d'exercice", "AUTRE", "Code rôle", "FON-01")...)) != base {
			t.Error("the person is seen")
		}
	})
}

func TestSettleStructure(t *testing.T) {
	settle := func(rows ...fields) *annuaire.Structure {
		var all []Stated
		for _, f := range rows {
			all = append(all, Stated{siteOfRow(t, f), 1})
		}
		return Settle(all)
	}
	mende := atR1.with("Libellé Voie (coord. structure)", "DES LILAS", "Code postal (coord. structure)", "48000", "Code commune (coord. structure)", "48095")
	lyon := atR1.with("Libellé Voie (coord. structure)", "DES ROSES", "Code postal (coord. structure)", "69003", "Code commune (coord. structure)", "69383")
	t.Run("each field by the most rows", func(t *testing.T) {
		s := settle(mende.with("Raison sociale site", "A", "Numéro SIRET site", "99000000100017"), mende.with("Raison sociale site", "B"), mende.with("Raison sociale site", "B"))
		if s.Name != "B" || s.SIRET != "99000000100017" || s.SIREN != "990000001" {
			t.Error(s)
		}
	})
	t.Run("an address as a whole", func(t *testing.T) {
		s := settle(mende, lyon, mende, atR1)
		if s.Address.Street != "DES LILAS" || s.Address.PostalCode != "48000" || s.Address.Department.Code != "48" {
			t.Error(s.Address)
		}
	})
	t.Run("telephones and e-mail addresses as a whole", func(t *testing.T) {
		s := settle(atR1.with("Téléphone (coord. structure)", "0466000000", "Adresse e-mail (coord. structure)", "a@exemple.fr"),
			atR1.with("Téléphone (coord. structure)", "0466000001", "Téléphone 2 (coord. structure)", "0466000002"),
			atR1.with("Téléphone (coord. structure)", "0466000001", "Téléphone 2 (coord. structure)", "0466000002", "Code mode exercice", "S"))
		if d := cmp.Diff([]string{"+33466000001", "+33466000002"}, s.Phones); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{"a@exemple.fr"}, s.Emails); d != "" {
			t.Error(d)
		}
	})
	t.Run("the sector that most of its activities state", func(t *testing.T) {
		if s := settle(atR1, atR1.with("Code secteur d'activité", "SA08"), atR1.with("Code secteur d'activité", "SA08")); s.Sector.Code != "SA08" {
			t.Error(s.Sector)
		}
	})
	t.Run("a statement counts for its rows", func(t *testing.T) {
		s := Settle([]Stated{{siteOfRow(t, mende), 2}, {siteOfRow(t, lyon), 3}})
		if s.Address.Department.Code != "69" || s.Address.Street != "DES ROSES" {
			t.Error(s.Address)
		}
	})
}

func TestAddress(t *testing.T) {
	type want struct{ cp, city, insee, department, region, country string }
	col := func(name string) string { return name + " (coord. structure)" }
	for name, c := range map[string]struct {
		row  []string
		want want
	}{
		"the commune gives the department, the file never does": {
			[]string{col("Code postal"), "25304", col("Bureau cedex"), "25304 PONTARLIER CEDEX", col("Code commune"), "25462", col("Libellé commune"), "Pontarlier"},
			want{"25304", "Pontarlier", "25462", "25", "27", ""}},
		"CEDEX alone, without a commune": {
			[]string{col("Code postal"), "25304", col("Bureau cedex"), "25304 PONTARLIER CEDEX"},
			want{"25304", "Pontarlier", "25462", "25", "27", ""}},
		"South Corsica": {
			[]string{col("Code postal"), "20090", col("Code commune"), "2A004", col("Libellé commune"), "AJACCIO"},
			want{"20090", "Ajaccio", "2A004", "2A", "94", ""}},
		"North Corsica, from the postal code and the name": {
			[]string{col("Bureau cedex"), "20200 BASTIA"}, want{"20200", "Bastia", "2B033", "2B", "94", ""}},
		"La Réunion": {
			[]string{col("Code postal"), "97400", col("Code commune"), "97411", col("Libellé commune"), "SAINT-DENIS"},
			want{"97400", "Saint-Denis", "97411", "974", "04", ""}},
		"Saint-Martin is not in Guadeloupe, whatever its postal code says": {
			[]string{col("Code postal"), "97150", col("Code commune"), "97801"}, want{"97150", "Saint-Martin", "97801", "978", "978", ""}},
		"abroad there is no department": {
			[]string{col("Code postal"), "GL", col("Bureau cedex"), "GL CHELTENHAM", col("Code pays"), "99132", col("Libellé pays"), "Royaume-uni"},
			want{"GL", "CHELTENHAM", "", "", "", "99132"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := siteOfRow(t, doctor.with(append(c.row, "Identifiant technique de la structure", "R1")...)).Address
			got := want{a.PostalCode, a.City, a.INSEE, a.Department.Code, a.Region.Code, a.Country.Code}
			if got != c.want {
				t.Errorf("\n got %+v\nwant %+v", got, c.want)
			}
		})
	}
	t.Run("lines are in postal order and the street is one of them", func(t *testing.T) {
		a := siteOfRow(t, doctor.with(col("Complément destinataire"), "CABINET", col("Complément point géographique"), "BAT A", col("Numéro Voie"), "2",
			col("Indice répétition voie"), "B", col("Code type de voie"), "FG", col("Libellé type de voie"), "Faubourg", col("Libellé Voie"), "SAINT ETIENNE",
			col("Mention distribution"), "CS 10329")).Address
		if d := cmp.Diff([]string{"CABINET", "BAT A", "2 B Faubourg SAINT ETIENNE", "CS 10329"}, a.Lines); d != "" || a.Street != a.Lines[2] {
			t.Error(d, a.Street)
		}
	})
	t.Run("a way without a label of its type keeps the code", func(t *testing.T) {
		a := siteOfRow(t, doctor.with(col("Code type de voie"), "RTE", col("Libellé Voie"), "DE BESANCON")).Address
		if a.Street != "RTE DE BESANCON" {
			t.Error(a.Street)
		}
	})
	t.Run("nothing stated is no address", func(t *testing.T) {
		if s := siteOfRow(t, doctor.with("Identifiant technique de la structure", "R1")); s.Address != nil {
			t.Error(s.Address)
		}
	})
}
