package boxtable

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

const threeRows = "address,kind,red_list\na@x.fr,PER,oui\nb@x.fr,PER,perhaps\nc@x.fr,PER,non\n"

// server answers a batch with a report, and keeps what it was sent.
func server(report string, sent *string) func(io.Reader) (io.ReadCloser, error) {
	return func(rows io.Reader) (io.ReadCloser, error) {
		b, err := io.ReadAll(rows)
		*sent = string(b)
		return io.NopCloser(strings.NewReader(report)), err
	}
}

func TestImport(t *testing.T) {
	const report = `{"line":1,"address":"a@x.fr","outcome":"created"}
{"line":2,"address":"c@x.fr","outcome":"refused","rule":"training_only","parameter":"address","detail":"x"}
{"summary":{"created":1,"refused":1,"complete":true}}
`
	for _, tt := range []struct {
		rule         string
		asJSON, all  bool
		want         string
		wantRefusals int
	}{
		{"what is refused is reported by its line of the file, whoever refuses it", false, false,
			"line,address,outcome,rule,parameter,detail\n3,,refused,line_invalid,,red_list: oui or non is expected\n4,c@x.fr,refused,training_only,address,x\n", 2},
		{"or every line, for a program", true, true, `{"line":2,"address":"a@x.fr","outcome":"created"}
{"line":3,"outcome":"refused","rule":"line_invalid","detail":"red_list: oui or non is expected"}
{"line":4,"address":"c@x.fr","outcome":"refused","rule":"training_only","parameter":"address","detail":"x"}
`, 2},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var out bytes.Buffer
			var sent string
			sum, err := Import(strings.NewReader(threeRows), NewReport(&out, tt.asJSON, tt.all), server(report, &sent))
			if err != nil || out.String() != tt.want || sum.Created != 1 || sum.Refused != tt.wantRefusals || !sum.Complete {
				t.Errorf("%+v %v\n%s", sum, err, out.String())
			}
			if want := `{"address":"a@x.fr","kind":"PER","red_list":true}` + "\n" + `{"address":"c@x.fr","kind":"PER","red_list":false}` + "\n"; sent != want {
				t.Errorf("sent %s", sent)
			}
		})
	}
	for rule, report := range map[string]string{
		"a report without an end is no report":            `{"line":1,"address":"a@x.fr","outcome":"created"}`,
		"a report of a line that was not sent is refused": `{"line":7,"outcome":"created"}`,
		"a report that is no JSON is refused":             `<html>`,
	} {
		t.Run(rule, func(t *testing.T) {
			var sent string
			if sum, err := Import(strings.NewReader(threeRows), NewReport(io.Discard, false, false), server(report, &sent)); err == nil {
				t.Error(sum)
			}
		})
	}
	t.Run("a server that refuses all of it before it has read it ends the sending", func(t *testing.T) {
		no := errors.New("not yours")
		table := "address,kind\n" + strings.Repeat("a@x.fr,PER\n", 100_000)
		_, err := Import(strings.NewReader(table), NewReport(io.Discard, false, false), func(io.Reader) (io.ReadCloser, error) { return nil, no })
		if !errors.Is(err, no) {
			t.Error(err)
		}
	})
	t.Run("a server that is not asked for a table that is none", func(t *testing.T) {
		_, err := Import(strings.NewReader("colour\n"), NewReport(io.Discard, false, false), func(io.Reader) (io.ReadCloser, error) {
			t.Error("asked")
			return nil, nil
		})
		if err == nil {
			t.Error("no error")
		}
	})
}

func TestExport(t *testing.T) {
	boxes := []string{`{"address":"a@x.fr","kind":"PER","red_list":{"operator":true}}`, `{"address":"b@x.fr","kind":"ORG","description":"un, deux"}`}
	var out bytes.Buffer
	err := Export(&out, func(fn func(json.RawMessage) error) error {
		for _, b := range boxes {
			if err := fn(json.RawMessage(b)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Run("what is exported is imported as it was", func(t *testing.T) {
		got, err := rowsOf(t, out.String())
		want := []string{`2: {"address":"a@x.fr","closed":false,"kind":"PER","red_list":true}`, `3: {"address":"b@x.fr","closed":false,"description":"un, deux","kind":"ORG"}`}
		if err != nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%v %q", err, got)
		}
	})
	t.Run("an error of whoever gives the boxes ends it", func(t *testing.T) {
		broken := errors.New("broken")
		if err := Export(io.Discard, func(func(json.RawMessage) error) error { return broken }); !errors.Is(err, broken) {
			t.Error(err)
		}
	})
}
