package extract

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The sample rows, decoded, are golden files: one JSON object per row.
func TestDecodeGolden(t *testing.T) {
	for _, tt := range []struct {
		kind   Kind
		file   string
		decode func(*Row) any
	}{
		{Activities, "activities_56", func(r *Row) any { return r.Activity() }},
		{Activities, "activities_48", func(r *Row) any { return r.Activity() }},
		{Skills, "skills", func(r *Row) any { return r.Skill() }},
		{Diplomas, "diplomas", func(r *Row) any { return r.Diploma() }},
		{Mailboxes, "mailboxes", func(r *Row) any { return r.Mailbox() }},
	} {
		t.Run(tt.file, func(t *testing.T) {
			rows, _ := collect(t, openSample(t, tt.kind, tt.file+".txt"), tt.decode)
			got, err := json.MarshalIndent(rows, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", tt.file+".golden.json")
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)+"\n"); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDecodeValues(t *testing.T) {
	cells := map[string]string{"Type d'identifiant PP": "0", "Identifiant PP": "2a0000001", "Nom d'exercice": "A", "Numéro FINESS site": "F2a0000154",
		"Numéro FINESS établissement juridique": "010000123", "Numéro SIRET site": "000 000 000 00019", "Code postal (coord. structure)": "01000",
		"Téléphone (coord. structure)": "0000"}
	var row []string
	for _, c := range Header(Activities) {
		row = append(row, cells[c])
	}
	table := openText(t, Activities, headerLine(Activities)+"\n"+strings.Join(row, "|"), Limits{})
	got, _ := collect(t, table, func(r *Row) ActivityRow { return r.Activity() })
	a := got[0]
	for _, tt := range []struct{ rule, got, want string }{
		{"the national identifier is derived, in upper case", a.NationalID, "02A0000001"},
		{"the identifier stays as it is", a.ID, "2a0000001"},
		{"FINESS loses its F and takes upper case", a.Structure.FINESS, "2A0000154"},
		{"FINESS keeps leading zeros", a.Structure.FINESSEJ, "010000123"},
		{"SIRET is digits with leading zeros", a.Structure.SIRET, "00000000000019"},
		{"postal codes keep leading zeros", a.Address.PostalCode, "01000"},
		{"telephones stay raw", a.Phone, "0000"},
		{"what the row does not say is empty", a.Sector.Code + a.Given + a.Email, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

// Whatever the bytes of a row, it is either rejected or decoded to UTF-8 without controls, and ReadRow sees what Scan saw.
func FuzzDecode(f *testing.F) {
	for k, name := range map[Kind]string{Activities: "activities_56", Skills: "skills", Diplomas: "diplomas", Mailboxes: "mailboxes"} {
		for _, line := range strings.Split(sampleText(f, name+".txt"), "\n")[1:] {
			f.Add(uint8(k), line)
		}
	}
	f.Add(uint8(Skills), "0|2a0000001|02a0000001|A|B||||||||")
	f.Add(uint8(Skills), "8|99000000017||A\x92|\xc2\x92|\x00||||||||")
	layouts := map[Kind]*layout{}
	for k := range numKinds {
		l, err := readHeader(k, "f", []byte(headerLine(k)))
		if err != nil {
			f.Fatal(err)
		}
		layouts[k] = l
	}
	f.Fuzz(func(t *testing.T, k uint8, text string) {
		kind := Kind(k % uint8(numKinds))
		text = strings.ReplaceAll(text, "\n", " ")
		table := &Table{file: File{Kind: kind}, opt: Limits{}.withDefaults(), layout: layouts[kind], r: strings.NewReader(text), size: int64(len(text))}
		var r, again Row
		if reason := r.parse(table, []byte(text)); reason != "" {
			if !strings.Contains(reason, "fields where") && r.key != 0 {
				t.Fatalf("rejected (%s) with a key", reason)
			}
			return
		}
		if kind != Mailboxes && r.Key() == 0 {
			t.Fatal("accepted without a key")
		}
		for c := range numCols {
			v := string(r.Get(c))
			if !utf8.ValidString(v) || dirty([]byte(v)) || strings.Contains(v, "|") || strings.Trim(v, " ") != v {
				t.Fatalf("column %d is %q", c, v)
			}
		}
		if err := table.ReadRow(0, len(text), &again); err != nil {
			t.Fatal(err)
		}
		for _, d := range []string{cmp.Diff(r.Activity(), again.Activity()), cmp.Diff(r.Skill(), again.Skill()),
			cmp.Diff(r.Diploma(), again.Diploma()), cmp.Diff(r.Mailbox(), again.Mailbox())} {
			if d != "" {
				t.Fatal(d)
			}
		}
		if r.Hash() != again.Hash() || r.Key() != again.Key() || IDOf(r.Key()) != r.Skill().NationalID {
			t.Fatal("ReadRow sees another row")
		}
		if m := r.Mailbox(); kind == Mailboxes && (strings.Count(m.Address, "@") != 1 || m.Address != strings.ToLower(m.Address)) {
			t.Fatalf("address %q", m.Address)
		}
	})
}
