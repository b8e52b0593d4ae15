package api

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"annuaire"
)

func batch(h http.Handler, body, secret string, headers ...string) *httptest.ResponseRecorder {
	return write(h, "POST", "/v1/mailboxes/batch", body, secret, append([]string{"Content-Type", "application/x-ndjson"}, headers...)...)
}

// report reads the lines of a report, and its summary.
func report(t testing.TB, w *httptest.ResponseRecorder) (lines []annuaire.BatchLine, sum annuaire.BatchSummary) {
	t.Helper()
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/x-ndjson" {
		t.Fatal(w.Code, w.Header(), w.Body)
	}
	summaries := 0
	for in := bufio.NewScanner(w.Body); in.Scan(); {
		var line struct {
			annuaire.BatchLine
			Summary *annuaire.BatchSummary `json:"summary"`
		}
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			t.Fatal(err, in.Text())
		}
		if line.Summary != nil {
			sum = *line.Summary
			summaries++
			continue
		}
		if summaries > 0 {
			t.Error("a line after the summary")
		}
		lines = append(lines, line.BatchLine)
	}
	if summaries != 1 {
		t.Fatal(summaries, "summaries")
	}
	return lines, sum
}

func line(n int, more string) string {
	return fmt.Sprintf(`{"address":"b%d@x.formation.mssante.fr","kind":"ORG"%s}`, n, more) + "\n"
}

func TestBatch(t *testing.T) {
	r := newRegistry()
	s := boxServer(r)
	body := line(1, "") + "\n" + // 2: nothing
		line(3, `,"colour":"red"`) + // an unknown key
		"{\n" + // 4: no JSON
		`{"address":"x@y.formation.mssante.fr","kind":"ORG"}` + "\n" + // 5: not its domain
		`{"address":"185057800608436@patient.mssante.fr","kind":"PER"}` + "\n" + // 6
		line(7, `,"description":"`+strings.Repeat("é", maxBatchLine)+`"`) +
		line(8, "") + line(8, "") + line(8, `,"description":"x"`) + // created, the same, changed
		line(11, "") + `{} {}` + "\n" + strings.TrimSpace(line(13, "")) // without an end of line
	w := batch(s, body, "op")
	if strings.Contains(w.Body.String(), "185057800608436") {
		t.Error("an INS is repeated")
	}
	got, sum := report(t, w)
	want := []annuaire.BatchLine{
		{Line: 1, Outcome: "created"}, {Line: 3, Outcome: "refused", Rule: "line_invalid", Parameter: "colour"}, {Line: 4, Outcome: "refused", Rule: "line_invalid", Parameter: "body"},
		{Line: 5, Outcome: "refused", Rule: "domain_not_yours", Parameter: "address"}, {Line: 6, Outcome: "refused", Rule: "domain_not_yours", Parameter: "address"},
		{Line: 7, Outcome: "refused", Rule: "line_too_long", Parameter: "line"}, {Line: 8, Outcome: "created"}, {Line: 9, Outcome: "unchanged"}, {Line: 10, Outcome: "changed"},
		{Line: 11, Outcome: "created"}, {Line: 12, Outcome: "refused", Rule: "line_invalid", Parameter: "line"}, {Line: 13, Outcome: "created"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d: %+v", len(got), len(want), got)
	}
	for i, l := range got {
		l.Address, l.Detail = "", ""
		if l != want[i] {
			t.Errorf("%+v, want %+v", l, want[i])
		}
	}
	if sum != (annuaire.BatchSummary{Lines: 12, Created: 4, Changed: 1, Unchanged: 1, Refused: 6, Complete: true}) || len(r.boxes) != 4 {
		t.Errorf("%+v, %d boxes", sum, len(r.boxes))
	}
	t.Run("sentences are in the language of the client", func(t *testing.T) {
		w := batch(s, line(1, `,"colour":1`), "op", "Accept-Language", "en")
		if !strings.Contains(w.Body.String(), "unknown key") {
			t.Error(w.Body)
		}
	})
	t.Run("a report too large for memory is whole", func(t *testing.T) {
		var b strings.Builder
		for n := range 12_000 {
			b.WriteString(line(n, ""))
		}
		if lines, sum := report(t, batch(s, b.String(), "op")); len(lines) != 12_000 || sum.Lines != 12_000 || lines[11_999].Line != 12_000 || lines[0].Line != 1 {
			t.Error(len(lines), sum)
		}
	})
	t.Run("an empty one is nothing", func(t *testing.T) {
		if lines, sum := report(t, batch(s, "\n\n", "op")); len(lines) != 0 || sum != (annuaire.BatchSummary{Complete: true}) {
			t.Error(lines, sum)
		}
	})
	t.Run("another type of content is refused", func(t *testing.T) {
		if w := batch(s, line(1, ""), "op", "Content-Type", "application/json"); w.Code != 400 {
			t.Error(w.Code, w.Body)
		}
	})
}

// Ten thousand lines, of which one in a hundred is bad: each has its report, in order, and the good ones are there.
func TestBatchOfTenThousand(t *testing.T) {
	r := newRegistry()
	var b strings.Builder
	for n := 1; n <= 10_000; n++ {
		switch {
		case n%300 == 0:
			b.WriteString("not JSON\n")
		case n%100 == 0:
			b.WriteString(`{"address":"b@y.formation.mssante.fr","kind":"ORG"}` + "\n")
		default:
			b.WriteString(line(n, ""))
		}
	}
	lines, sum := report(t, batch(boxServer(r), b.String(), "op"))
	for i, l := range lines {
		if l.Line != i+1 || (l.Outcome == "refused") != ((i+1)%100 == 0) {
			t.Fatalf("%+v at %d", l, i)
		}
	}
	if len(lines) != 10_000 || sum.Created != 9_900 || sum.Refused != 100 || len(r.boxes) != 9_900 {
		t.Errorf("%d %+v %d", len(lines), sum, len(r.boxes))
	}
}

func TestBatchThatBreaksOff(t *testing.T) {
	r := newRegistry()
	r.fail = annuaire.Errorf(annuaire.CodeUnavailable, "", "plus de place", "no room", errors.New("/secret/path"))
	w := batch(boxServer(r), line(1, "")+line(2, "")+line(3, ""), "op")
	if strings.Contains(w.Body.String(), "secret") {
		t.Error(w.Body)
	}
	lines, sum := report(t, w)
	if len(lines) != 3 || lines[0].Outcome != "created" || lines[1].Outcome != "failed" || lines[2].Rule != "batch_interrupted" || sum.Complete || sum.Created != 1 {
		t.Errorf("%+v %+v", lines, sum)
	}
}

func TestBatchesAreFew(t *testing.T) {
	s := boxServer(newRegistry())
	for range maxBatches {
		s.batches <- struct{}{}
	}
	if w := batch(s, line(1, ""), "op"); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Error(w.Code, w.Body)
	}
}
