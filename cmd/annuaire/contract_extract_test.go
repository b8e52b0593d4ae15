package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"annuaire/fixtures"
)

// The files contract_*_test.go hold the contract, DESIGN 7 to 10, against the program as its users run it: processes, HTTP, LDAP. Their tables are in the
// order of DESIGN, in its words: one row for each line, with what is sent and what has to come back. What is compared are the values of the rows below.

// The people of the contract. Zélie Exemple is the one whom DESIGN 8 shows.
const (
	zelie    = "899012345679" // her item in DESIGN
	ambroise = "899000000018" // two practices, military, in a hospital with every number that there is
	noe      = "899000000026" // a practice without activity
	anais    = "899000000034" // two activities, two mailboxes
	paul     = "0759912345"   // ADELI, no RPPS
	gerard   = "899000000042" // gone on the second day
)

const (
	zelieBox  = "zelie.exemple@medecin.formation.mssante.fr"
	zelieNew  = "zelie@y.formation.mssante.fr" // registered while the test goes on
	anaisBox  = "anais@medecin.formation.mssante.fr"
	anaisNext = "anais@chu.formation.mssante.fr"
	orgBox    = "urgences@ch-mende.formation.mssante.fr"
	realBox   = "noe@infirmier.mssante.fr" // of no training domain
	cabBox    = "cabinet@lozere.formation.mssante.fr"
	appBox    = "labo@ch-mende.formation.mssante.fr"
)

// extractRow is a row of an extract: column -> value. What follows the name of a column in parentheses, and "structure BAL", may be left out.
type extractRow map[string]string

// with returns a row that has some values more.
func (r extractRow) with(more extractRow) extractRow {
	out := extractRow{}
	for _, from := range []extractRow{r, more} {
		for k, v := range from {
			out[k] = v
		}
	}
	return out
}

func rowOf(id, family, given string, more extractRow) extractRow {
	return extractRow{"Type d'identifiant PP": id[:1], "Identifiant PP": id[1:], "Identification nationale PP": id, "Nom d'exercice": family, "Prénom d'exercice": given}.with(more)
}

var (
	hospital = extractRow{"Code mode exercice": "S", "Code secteur d'activité": "SA01", "Numéro SIRET site": "26480001700015", "Numéro SIREN site": "264800017", "Numéro FINESS site": "480000017",
		"Numéro FINESS établissement juridique": "480000009", "Identifiant technique de la structure": "F480000017", "Raison sociale site": "CENTRE HOSPITALIER DE MENDE", "Enseigne commerciale site": "HOPITAL LOZERE",
		"Complément point géographique": "BATIMENT A", "Numéro Voie": "1", "Libellé type de voie": "AVENUE", "Libellé Voie": "DU 8 MAI 1945", "Bureau cedex": "48000 MENDE", "Code postal": "48000", "Code commune": "48095",
		"Libellé commune": "Mende", "Téléphone": "0466494949", "Téléphone 2": "0466494950", "Télécopie": "0466494951", "Adresse e-mail": "contact@ch-mende.fr", "Autorité d'enregistrement": "SSA/SSA/SSA"}
	cabinet = extractRow{"Code mode exercice": "L", "Code secteur d'activité": "SA07", "Identifiant technique de la structure": "R10000000000001", "Raison sociale site": "CABINET EXEMPLE", "Numéro Voie": "12",
		"Libellé type de voie": "RUE", "Libellé Voie": "DES LILAS", "Bureau cedex": "48000 MENDE", "Code postal": "48000", "Code commune": "48095", "Libellé commune": "Mende", "Téléphone": "0466000000",
		"Autorité d'enregistrement": "CNOM/CNOM/ARS"}
	lyon = extractRow{"Code mode exercice": "S", "Code secteur d'activité": "SA01", "Numéro FINESS site": "690000021", "Identifiant technique de la structure": "F690000021", "Raison sociale site": "HOPITAL DE LYON",
		"Numéro Voie": "5", "Libellé type de voie": "PLACE", "Libellé Voie": "D ARSONVAL", "Bureau cedex": "69003 LYON", "Code postal": "69003", "Code commune": "69383", "Libellé commune": "Lyon 3e Arrondissement",
		"Autorité d'enregistrement": "CNOM/CNOM/ARS"}
	physician = extractRow{"Code profession": "10", "Code catégorie professionnelle": "C"}
	cardio    = extractRow{"Code type savoir-faire": "S", "Code savoir-faire": "SM04"}
	boxOfCH   = extractRow{"Type identifiant structure": "1", "Identification Structure": "480000017", "Raison Sociale": "CENTRE HOSPITALIER DE MENDE", "L4NUMEROVOIE": "1", "NL4TYPEVOIE": "AVENUE", "L4LIBELLEVOIE": "DU 8 MAI 1945",
		"L6LIGNEACHEMINEMENT": "48000 MENDE", "Code postal": "48000", "Département": "Lozère", "Pays": "France"}
)

// contractRows are the rows of the first day, by file.
func contractRows() map[string][]extractRow {
	box := func(kind, address string, r extractRow) extractRow {
		if id := r["Identifiant PP"]; id != "" {
			r = r.with(extractRow{"Type Identifiant PP": r["Type d'identifiant PP"]})
			delete(r, "Type d'identifiant PP")
		}
		return r.with(extractRow{"Type de BAL": kind, "Adresse BAL": address})
	}
	madame := extractRow{"Code civilité": "MME", "Code civilité d'exercice": "DR"}
	an := rowOf(anais, "ŒUVRARD-L'HÔTE", "Anaïs", nil)
	return map[string][]extractRow{
		peopleFile: {
			rowOf(zelie, "EXEMPLE", "Zélie", madame).with(physician).with(extractRow{"Code type savoir-faire": "S", "Code savoir-faire": "SM42"}).with(cabinet),
			rowOf(ambroise, "DE-LA TOUR", "Ambroise", physician).with(hospital).with(extractRow{"Code civilité d'exercice": "PR", "Code civilité": "M", "Code catégorie professionnelle": "M", "Code rôle": "FON-09"}),
			rowOf(ambroise, "DE-LA TOUR", "Ambroise", extractRow{"Code civilité d'exercice": "PR", "Code civilité": "M", "Code profession": "40", "Code catégorie professionnelle": "C"}),
			rowOf(noe, "TOUR", "Noé", extractRow{"Code profession": "60", "Code catégorie professionnelle": "C"}),
			an.with(physician).with(cardio).with(lyon), an.with(physician).with(cardio).with(cabinet),
			rowOf(paul, "ADELIEN", "Paul", extractRow{"Code profession": "71", "Code catégorie professionnelle": "C", "Code mode exercice": "L", "Identifiant technique de la structure": "R10000000000002",
				"Raison sociale site": "OSTEO PARIS", "Libellé Voie": "RUE DE RIVOLI", "Bureau cedex": "75004 PARIS", "Code postal": "75004", "Code secteur d'activité": "SA07"}),
			rowOf(gerard, "PARTI", "Gérard", extractRow{"Code profession": "70", "Code catégorie professionnelle": "C"}),
		},
		skillFile:   {an.with(physician).with(cardio)},
		diplomaFile: {rowOf(ambroise, "DE-LA TOUR", "Ambroise", extractRow{"Code type diplôme obtenu": "DE", "Code diplôme obtenu": "DE05"})},
		mailboxFile: {
			box("PER", zelieBox, rowOf(zelie, "EXEMPLE", "Zélie", nil)), box("PER", anaisBox, an), box("PER", anaisNext, an),
			box("PER", realBox, rowOf(noe, "TOUR", "Noé", extractRow{"Code Profession": "60"})),
			box("ORG", orgBox, boxOfCH.with(extractRow{"Service de rattachement": "URGENCES", "Dématérialisation": "O"})),
			box("CAB", cabBox, an.with(boxOfCH)), box("APP", appBox, boxOfCH),
		},
	}
}

// contractExtracts writes the extracts of a day of November 2026. On the second Gérard has left and the hospital has another telephone; on the third Paul
// has left.
func contractExtracts(t *testing.T, dir string, day int) string {
	t.Helper()
	all := contractRows()
	all[peopleFile] = slices.DeleteFunc(all[peopleFile], func(r extractRow) bool {
		id := r["Identification nationale PP"]
		return day > 1 && id == gerard || day > 2 && id == paul
	})
	if day > 1 {
		all[peopleFile][1]["Téléphone"] = "0466494900"
	}
	names, err := fs.Glob(fixtures.Small(), "*.txt")
	if err != nil || len(names) != len(all) {
		t.Fatal(names, err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(fixtures.Small(), name)
		if err != nil {
			t.Fatal(err)
		}
		header, _, _ := strings.Cut(string(b), "\n")
		text := header + "\n"
		for file, rows := range all {
			if strings.HasPrefix(name, file) {
				text += linesOf(t, strings.Split(header, "|"), rows)
			}
		}
		name = strings.Replace(name, "20261101", fmt.Sprintf("202611%02d", day), 1)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func linesOf(t *testing.T, columns []string, rows []extractRow) (text string) {
	t.Helper()
	for _, r := range rows {
		fields, known := make([]string, len(columns)), 0
		for i, col := range columns {
			for _, name := range []string{col, strings.TrimSuffix(col, " (coord. structure)"), strings.TrimSuffix(col, " structure BAL")} {
				if v, ok := r[name]; ok {
					fields[i] = v
					known++
					break
				}
			}
		}
		if known != len(r) {
			t.Fatalf("%d of the columns of %v are not in the file", len(r)-known, r)
		}
		text += strings.Join(fields, "|") + "\n"
	}
	return text
}
