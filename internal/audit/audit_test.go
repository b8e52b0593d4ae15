package audit

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"annuaire"
)

var line = annuaire.AuditRecord{Hash: "ab", AuditEvent: annuaire.AuditEvent{Seq: 7, Time: time.Date(2026, 11, 26, 4, 0, 0, 0, time.UTC), Who: "abc234",
	Roles: []annuaire.Role{"operator", "reader"}, Proof: "token", From: "192.0.2.1", What: "mailbox.create", Target: "=cmd|' /C calc'!A0", Why: "é, \"x\"\nsecond line",
	After: json.RawMessage(`{"a":1}`)}}

func TestFormats(t *testing.T) {
	written := func(f Format) string {
		var b bytes.Buffer
		w, err := NewWriter(&b, f)
		if err == nil {
			err = errors.Join(w.Write(line), w.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	t.Run("NDJSON has everything, on one line", func(t *testing.T) {
		var back annuaire.AuditRecord
		text := written(NDJSON)
		if err := json.Unmarshal([]byte(text), &back); err != nil || back.Seq != 7 || back.Hash != "ab" || back.Why != line.Why || strings.Count(text, "\n") != 1 || !strings.Contains(text, `"after":{"a":1}`) {
			t.Error(text, err)
		}
	})
	t.Run("CSV reads back, and no cell is a formula", func(t *testing.T) {
		rows, err := csv.NewReader(strings.NewReader(written(CSV))).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != len(header) {
			t.Fatal(rows, err)
		}
		if r := rows[1]; r[0] != "7" || r[1] != "2026-11-26T04:00:00Z" || r[3] != "operator reader" || r[7] != "'=cmd|' /C calc'!A0" || r[9] != "" || r[10] != `{"a":1}` {
			t.Errorf("%q", r)
		}
	})
	t.Run("CSV without lines is a header", func(t *testing.T) {
		var b bytes.Buffer
		w, err := NewWriter(&b, CSV)
		if err != nil || w.Close() != nil || !strings.HasPrefix(b.String(), "seq,time,who") {
			t.Error(b.String(), err)
		}
	})
	t.Run("a format that does not exist is refused", func(t *testing.T) {
		if _, err := NewWriter(nil, "xml"); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Error(err)
		}
	})
}

func TestRefusals(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var lines []annuaire.AuditEvent
	fresh := func() *Refusals {
		lines = nil
		return NewRefusals(func(e annuaire.AuditEvent) error { lines = append(lines, e); return nil }, func() time.Time { return now })
	}
	counted := func(e annuaire.AuditEvent) int { return e.After.(map[string]any)["count"].(int) }
	t.Run("many of one kind are one line with their number", func(t *testing.T) {
		r := fresh()
		for range 500 {
			r.Add(Refusal{"rest", "token_unknown", "192.0.2.1"})
		}
		r.Add(Refusal{"ldap", "token_unknown", "192.0.2.1"})
		if err := r.Flush(); err != nil || len(lines) != 2 || counted(lines[0]) != 500 || lines[0].What != "auth.refused" || lines[0].Why != "token_unknown" || lines[0].From != "192.0.2.1" {
			t.Errorf("%+v %v", lines, err)
		}
		if err := r.Flush(); err != nil || len(lines) != 2 {
			t.Error("they are told twice")
		}
	})
	t.Run("from many addresses they are a bounded number of lines, and none is forgotten", func(t *testing.T) {
		r := fresh()
		const n = 5000
		for i := range n {
			r.Add(Refusal{"rest", "token_unknown", fmt.Sprint(i)})
		}
		if err := r.Flush(); err != nil || len(lines) != linesAtOnce {
			t.Fatal(len(lines), err)
		}
		for i := 0; i < 1000 && len(r.counts) > 0; i++ {
			now = now.Add(time.Hour)
			if err := r.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		sum := 0
		for _, e := range lines {
			sum += counted(e)
		}
		if sum != n || len(lines) > maxRefusals+1 {
			t.Error(sum, len(lines))
		}
	})
	t.Run("what is counted when the service ends is written", func(t *testing.T) {
		r := fresh()
		r.Add(Refusal{"rest", "x", "y"})
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		r.Keep(ctx, func(err error) { t.Error(err) })
		if len(lines) != 1 {
			t.Error(lines)
		}
	})
	t.Run("a line that cannot be written is told, and what it counted is in the next one", func(t *testing.T) {
		var full error
		var written []annuaire.AuditEvent
		r := NewRefusals(func(e annuaire.AuditEvent) error {
			if full == nil {
				written = append(written, e)
			}
			return full
		}, nil)
		full = errors.New("full")
		r.Add(Refusal{"rest", "x", "y"})
		if err := r.Flush(); err == nil {
			t.Error("it is not")
		}
		full = nil
		r.Add(Refusal{"rest", "x", "y"})
		if err := r.Flush(); err != nil || len(written) != 1 || counted(written[0]) != 2 {
			t.Error(written, err)
		}
	})
}

// Whatever comes when, the lines of a day stay within the bound, and each refusal is in one of them or still counted.
func TestRefusalsAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		now, added, told, lines := start, 0, 0, 0
		r := NewRefusals(func(e annuaire.AuditEvent) error {
			lines++
			told += e.After.(map[string]any)["count"].(int)
			return nil
		}, func() time.Time { return now })
		for range rapid.IntRange(1, 20).Draw(t, "minutes") {
			for range rapid.IntRange(0, 20).Draw(t, "refusals") {
				added++
				r.Add(Refusal{"rest", "x", fmt.Sprint(rapid.IntRange(0, 300).Draw(t, "from"))})
			}
			now = now.Add(time.Minute)
			if err := r.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		left := 0
		for _, n := range r.counts {
			left += n
		}
		if most := linesAtOnce + now.Sub(start).Hours()*linesPerHour + 1; told+left != added || float64(lines) > most {
			t.Fatalf("%d told, %d left of %d; %d lines, at most %.0f", told, left, added, lines, most)
		}
	})
}
