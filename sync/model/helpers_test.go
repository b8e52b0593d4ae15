package model

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"annuaire"
	"annuaire/sync/extract"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fields is a row by column name; columns that are not named are empty.
type fields map[string]string

func (f fields) with(kv ...string) fields {
	out := fields{}
	for k, v := range f {
		out[k] = v
	}
	for i := 0; i < len(kv); i += 2 {
		out[kv[i]] = kv[i+1]
	}
	return out
}

var (
	anna   = fields{"Type d'identifiant PP": "8", "Identifiant PP": "99000000017", "Nom d'exercice": "EXEMPLE", "Prénom d'exercice": "Anna"}
	doctor = anna.with("Code profession", "10", "Libellé profession", "Médecin", "Code catégorie professionnelle", "C")
	atR1   = doctor.with("Code mode exercice", "L", "Identifiant technique de la structure", "R1", "Raison sociale site", "CABINET",
		"Code secteur d'activité", "SA07")
)

// rowsOf makes an extract of kind of the rows and reads it.
func rowsOf(t testing.TB, kind extract.Kind, rows ...fields) []*extract.Row {
	t.Helper()
	header := extract.Header(kind)
	text := strings.Join(header, "|") + "\n"
	for _, f := range rows {
		values, n := make([]string, len(header)), 0
		for i, name := range header {
			v, ok := f[name]
			if values[i] = v; ok {
				n++
			}
		}
		if n != len(f) {
			t.Fatalf("a column of %v is not one of %s", f, kind)
		}
		text += strings.Join(values, "|") + "\n"
	}
	path := filepath.Join(t.TempDir(), "extract.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := extract.Open(context.Background(), extract.File{Kind: kind, Path: path}, t.TempDir(), extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = table.Close() })
	var out []*extract.Row
	_, err = table.Scan(context.Background(), 1, func(_ int, r *extract.Row) error {
		row := new(extract.Row)
		out = append(out, row)
		return table.ReadRow(r.Offset, r.Len, row)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != len(rows) {
		t.Fatalf("%d rows of %d are right", len(out), len(rows))
	}
	return out
}

// input gathers rows of the three files into what Person takes; structures are settled over all rows given.
func input(t testing.TB, activities, skills, diplomas []fields) Rows {
	t.Helper()
	var in Rows
	stated, order := map[string][]Stated{}, []string{}
	rows := rowsOf(t, extract.Activities, activities...)
	for _, r := range rows {
		in.Activities = append(in.Activities, r.Activity())
		id := SiteID(r)
		if order = append(order, id); id != "" {
			stated[id] = append(stated[id], Stated{StructureOf(r), 1})
		}
	}
	for _, id := range order {
		var s *annuaire.Structure
		if id != "" {
			s = Settle(stated[id])
		}
		in.Sites = append(in.Sites, s)
	}
	if skills != nil {
		for _, r := range rowsOf(t, extract.Skills, skills...) {
			in.Skills = append(in.Skills, r.Skill())
		}
	}
	if diplomas != nil {
		for _, r := range rowsOf(t, extract.Diplomas, diplomas...) {
			in.Diplomas = append(in.Diplomas, r.Diploma())
		}
	}
	return in
}

const annaID = "899000000017"

func personOf(t testing.TB, activities []fields, skills []fields, diplomas []fields) annuaire.Professional {
	t.Helper()
	return Person(annaID, input(t, activities, skills, diplomas))
}

func siteOfRow(t testing.TB, f fields) *annuaire.Structure {
	t.Helper()
	return StructureOf(rowsOf(t, extract.Activities, f)[0])
}
