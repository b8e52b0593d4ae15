package boxtable

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"annuaire"
)

// rowsOf reads a table: a line for each row, as JSON or as what is wrong.
func rowsOf(t testing.TB, text string) (out []string, err error) {
	t.Helper()
	table, err := Open(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	for {
		err := table.next()
		var bad *rowError
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case errors.As(err, &bad):
			out = append(out, fmt.Sprintf("%d: %v", table.line, bad))
		case err != nil:
			return out, err
		default:
			b, err := json.Marshal(table.row)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprintf("%d: %s", table.line, b))
		}
	}
}

func TestTableOfBoxes(t *testing.T) {
	for _, tt := range []struct{ rule, in, want string }{
		{"commas", "address,kind,rank\na@x.fr,PER,1\n", `2: {"address":"a@x.fr","kind":"PER","rank":1}`},
		{"semicolons", "address;kind;description\na@x.fr;ORG;\"un, deux\"\n", `2: {"address":"a@x.fr","description":"un, deux","kind":"ORG"}`},
		{"headings in French, whatever their case", "Adresse BAL;TYPE;Liste rouge;Prénom\na@x.fr;PER;oui;Zoé", `2: {"address":"a@x.fr","given":"Zoé","kind":"PER","red_list":true}`},
		{"Windows-1252 of a spreadsheet", "adresse;type;pr\xe9nom\r\na@x.fr;PER;Zo\xe9\r\n", `2: {"address":"a@x.fr","given":"Zoé","kind":"PER"}`},
		{"a mark at the beginning", "\xef\xbb\xbfaddress,kind\na@x.fr,PER\n", `2: {"address":"a@x.fr","kind":"PER"}`},
		{"a structure", "address,kind,structure_type,structure_id\na@x.fr,ORG,FINESS,480000017\n", `2: {"address":"a@x.fr","kind":"ORG","structure":{"id":"480000017","type":"FINESS"}}`},
		{"numbers that begin with 0 stay", "address,kind,phone\na@x.fr,PER,0466000000\n", `2: {"address":"a@x.fr","kind":"PER","phone":"0466000000"}`},
		{"empty cells say nothing", "address,kind,rank,red_list\na@x.fr,PER,,\n", `2: {"address":"a@x.fr","kind":"PER"}`},
		{"a row with too few cells", "address,kind\na@x.fr\nb@x.fr,PER\n", "2: 1 cells, 2 are expected\n" + `3: {"address":"b@x.fr","kind":"PER"}`},
		{"a flag that is none", "address,kind,red_list\na@x.fr,PER,perhaps\n", "2: red_list: oui or non is expected"},
		{"a number that is none", "address,kind,rank\na@x.fr,PER,first\n", "2: rank: a number is expected"},
		{"rows over several lines keep their first", "address,kind,description\na@x.fr,ORG,\"un\ndeux\"\nb@x.fr,ORG,x\n", `2: {"address":"a@x.fr","description":"un\ndeux","kind":"ORG"}` + "\n" + `4: {"address":"b@x.fr","description":"x","kind":"ORG"}`},
		{"only a heading", "address,kind\n", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got, err := rowsOf(t, tt.in); err != nil || strings.Join(got, "\n") != tt.want {
				t.Errorf("%q %v\nwant %q", strings.Join(got, "\n"), err, tt.want)
			}
		})
	}
	for rule, in := range map[string]string{"nothing": "", "an unknown column": "address,kind,colour\n", "a column twice": "address,kind,adresse\n", "no address": "kind\n", "no kind": "address\n"} {
		t.Run(rule+" is no table of boxes", func(t *testing.T) {
			var input *annuaire.InputError
			if _, err := rowsOf(t, in); !errors.As(err, &input) {
				t.Error(err)
			}
		})
	}
	t.Run("a quote that does not close is the fault of its row", func(t *testing.T) {
		got, err := rowsOf(t, "address,kind\na@x.fr,PER\nb\"x@x.fr,PER\nc@x.fr,PER\n")
		if err != nil || len(got) != 3 || !strings.Contains(got[1], "quotes") {
			t.Error(got, err)
		}
	})
}

// Whatever a file holds, it is a table or refused with a word, and every row comes or is told of.
func FuzzTableOfBoxes(f *testing.F) {
	f.Add("address,kind\na@x.fr,PER\n")
	f.Add("adresse;type\n\"a\n;\"\"\n")
	f.Add("\xef\xbb\xbf")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := rowsOf(t, text); err != nil && annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Fatal(err)
		}
	})
}

func TestFieldsOnACommandLine(t *testing.T) {
	got, err := Fields([]string{"kind=ORG", "structure=FINESS:480000017", "rank=2", "red_list=oui", "description=a = b", "service="})
	b, _ := json.Marshal(got)
	if err != nil || string(b) != `{"description":"a = b","kind":"ORG","rank":2,"red_list":true,"service":"","structure":{"id":"480000017","type":"FINESS"}}` {
		t.Error(string(b), err)
	}
	for _, bad := range []string{"kind", "colour=red", "address=a@b.fr", "rank=x", "red_list=x", "structure_id=1"} {
		if _, err := Fields([]string{bad}); err == nil {
			t.Error(bad)
		}
	}
}

// A table that export writes is one that import takes, with the same fields.
func TestExportedRow(t *testing.T) {
	row, err := cells(json.RawMessage(`{"address":"a@x.fr","kind":"ORG","state":"closed","structure":{"type":"FINESS","id":"480000017"},"rank":2,"suspended":true,
		"red_list":{"in_force":true,"operator":false,"holder":true},"phone_opposed":{"operator":true},"closed":"2026-11-01T00:00:00Z","phone":"+33466000000","delegable":null}`))
	if err != nil {
		t.Fatal(err)
	}
	var headings []string
	for _, c := range columns {
		headings = append(headings, c.name)
	}
	got, err := rowsOf(t, strings.Join(headings, ",")+"\n"+strings.Join(row, ",")+"\n")
	want := `2: {"address":"a@x.fr","closed":true,"kind":"ORG","phone":"+33466000000","phone_opposed":true,"rank":2,"red_list":false,"structure":{"id":"480000017","type":"FINESS"},"suspended":true}`
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("%v %v\nwant %s", got, err, want)
	}
}
