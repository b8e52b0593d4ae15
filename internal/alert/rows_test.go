package alert_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"annuaire/internal/geo"
)

// What follows reads the extracts as anyone would who has only the files: lines cut at "|", columns by their names. It shares nothing with
// the importer but, for the one row in thirty that codes no commune, geo.Locate.

// spot is a situation as the rows state it.
type spot struct {
	profession, category, mode, sector, role, section string
	skills                                            []string
	finess, siret, siren                              []string
	postal, department, region                        string
	communes                                          []string // with the city of an arrondissement
}

// soul is a person of the rows.
type soul struct {
	id    string
	spots []spot
	boxes map[string]bool // kinds of mailbox
}

// table reads a file whose name begins so; each gets a row by column name.
func table(t testing.TB, dir, begins string, each func(get func(string) string)) {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(dir, begins+"*"))
	if len(found) != 1 {
		t.Fatal(begins, found)
	}
	f, err := os.Open(found[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	in.Scan()
	columns := map[string]int{}
	for i, name := range strings.Split(in.Text(), "|") {
		columns[name] = i
	}
	for in.Scan() {
		cells := strings.Split(in.Text(), "|")
		if len(cells) != len(columns) {
			continue // a wrong row: put aside
		}
		each(func(name string) string {
			i, ok := columns[name]
			if !ok {
				t.Fatal("no column ", name)
			}
			return strings.TrimSpace(cells[i])
		})
	}
}

// souls reads everyone of an extract.
func souls(t testing.TB, dir string) map[string]*soul {
	t.Helper()
	people := map[string]*soul{}
	skills := map[string][]string{} // by person and practice
	practices := map[string][]string{}
	practice := func(get func(string) string) (id, key string) {
		id = get("Identification nationale PP")
		if id == "" {
			id = get("Type d'identifiant PP") + get("Identifiant PP")
		}
		key = id + "|" + get("Code profession") + "|" + get("Code catégorie professionnelle")
		if code := get("Code savoir-faire"); code != "" && !slices.Contains(skills[key], code) {
			skills[key] = append(skills[key], code)
		}
		if !slices.Contains(practices[id], key) {
			practices[id] = append(practices[id], key)
		}
		return id, key
	}
	stated := map[string][]spot{}
	table(t, dir, "PS_LibreAcces_Personne_activite", func(get func(string) string) {
		id, key := practice(get)
		if people[id] == nil {
			people[id] = &soul{id: id, boxes: map[string]bool{}}
		}
		if s, ok := spotOf(get); ok {
			stated[key] = append(stated[key], s)
		}
	})
	table(t, dir, "PS_LibreAcces_SavoirFaire", func(get func(string) string) { practice(get) })
	for id, p := range people {
		for _, key := range practices[id] {
			part := strings.Split(key, "|")
			spots := stated[key]
			if len(spots) == 0 { // nobody said where: it is still a practice
				spots = []spot{{}}
			}
			for _, s := range spots {
				s.profession, s.category, s.skills = part[1], part[2], skills[key]
				p.spots = append(p.spots, s)
			}
		}
	}
	table(t, dir, "Extraction_Correspondance_MSSante", func(get func(string) string) {
		if p := people[get("Identification nationale PP")]; p != nil {
			p.boxes[get("Type de BAL")] = true
		}
	})
	return people
}

// spotOf reads where a row is, ok false for one that states a practice alone.
func spotOf(get func(string) string) (s spot, ok bool) {
	s = spot{mode: get("Code mode exercice"), sector: get("Code secteur d'activité"), role: get("Code rôle"), section: get("Code section tableau pharmaciens")}
	some := func(names ...string) (out []string) {
		for _, n := range names {
			if v := get(n); v != "" {
				out = append(out, v)
			}
		}
		return out
	}
	s.finess, s.siret, s.siren = some("Numéro FINESS site", "Numéro FINESS établissement juridique"), some("Numéro SIRET site"), some("Numéro SIREN site")
	if len(s.siren) == 0 && len(s.siret) > 0 {
		s.siren = []string{s.siret[0][:9]}
	}
	s.place(get)
	site := some("Identifiant technique de la structure", "Raison sociale site", "Enseigne commerciale site", "Libellé Voie (coord. structure)", "Bureau cedex (coord. structure)",
		"Code postal (coord. structure)", "Code commune (coord. structure)", "Libellé commune (coord. structure)")
	return s, len(site)+len(s.finess)+len(s.siret)+len(s.siren) > 0 || s.mode+s.sector+s.role+s.section+get("Code genre activité") != ""
}

func (s *spot) place(get func(string) string) {
	insee, postal := get("Code commune (coord. structure)"), get("Code postal (coord. structure)")
	if insee == "" || postal == "" {
		p := geo.Locate(insee, get("Libellé commune (coord. structure)"), postal, get("Bureau cedex (coord. structure)"), get("Code pays (coord. structure)"))
		if s.postal = p.PostalCode; insee == "" {
			insee, s.department = p.INSEE, p.Department
		}
	} else {
		s.postal = postal
	}
	if abroad := get("Code pays (coord. structure)"); abroad != "" && abroad != "99000" && abroad != "99100" {
		return
	}
	if insee != "" {
		s.communes = []string{insee}
		switch {
		case insee[:2] == "97" || insee[:2] == "98":
			s.department = insee[:3]
		default:
			s.department = insee[:2] // 2A and 2B too
		}
		switch {
		case insee >= "75101" && insee <= "75120":
			s.communes = append(s.communes, "75056")
		case insee >= "69381" && insee <= "69389":
			s.communes = append(s.communes, "69123")
		case insee >= "13201" && insee <= "13216":
			s.communes = append(s.communes, "13055")
		}
	}
	s.region = geo.RegionOf(s.department)
}

func describe(p *soul) string {
	if p == nil {
		return "nobody of the rows"
	}
	return fmt.Sprintf("%s %+v", p.id, p.spots)
}
