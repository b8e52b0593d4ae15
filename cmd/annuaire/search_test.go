package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"annuaire"
	"annuaire/internal/store"
	"annuaire/sync/run"
)

func TestSearch(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	ask := func(t *testing.T, args ...string) (body map[string]any) {
		t.Helper()
		out := must(t, nil, append([]string{"search", "--data", data}, args...)...).out
		if err := json.Unmarshal([]byte(out), &body); err != nil {
			t.Fatal(err, out)
		}
		return body
	}
	t.Run("everyone is JSON when piped", func(t *testing.T) {
		if body := ask(t); body["total"] != 300.0 || len(body["items"].([]any)) != 20 {
			t.Error(body["total"])
		}
	})
	first := ask(t, "limit=1", "sort=name")["items"].([]any)[0].(map[string]any)
	t.Run("plain words are names, in any order", func(t *testing.T) {
		body := ask(t, first["given"].(string), first["family"].(string), "match=exact")
		if body["total"].(float64) < 1 {
			t.Error(body)
		}
	})
	t.Run("parameters are those of the REST interface", func(t *testing.T) {
		if body := ask(t, "id="+first["id"].(string)); body["total"] != 1.0 {
			t.Error(body)
		}
	})
	t.Run("a parameter that is repeated is any of its values", func(t *testing.T) {
		one, two := ask(t, "profession=10")["total"].(float64), ask(t, "profession=60")["total"].(float64)
		both := ask(t, "profession=10", "profession=60")["total"].(float64)
		if one == 0 || two == 0 || both <= one || both <= two || both > one+two {
			t.Error(one, two, both)
		}
	})
	t.Run("an unknown parameter is refused, and the nearest named", func(t *testing.T) {
		res := must(t, []int{2}, "search", "--data", data, "departement=69")
		if !strings.Contains(res.err, "department") || res.out != "" {
			t.Error(res)
		}
	})
}

func TestTable(t *testing.T) {
	body := `{"total": 41, "items": [
	 {"id": "899000000017", "family": "EXEMPLE", "given": "Zélie", "practices": [{"profession": {"label": "Médecin"}}],
	  "activities": [{"address": {"postal_code": "48000", "city": "Mende"}}], "mailboxes": [{"address": "z@medecin.formation.mssante.fr"}]},
	 {"id": "899000000025", "family": "X", "given": "", "practices": [], "activities": [{}], "mailboxes": []}]}`
	var b bytes.Buffer
	if err := printPeople(&b, []byte(body)); err != nil {
		t.Fatal(err)
	}
	want := "899000000017  EXEMPLE Zélie  Médecin  48000 Mende  z@medecin.formation.mssante.fr\n" +
		"899000000025  X                                    \n2 of 41\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
	if err := printPeople(&b, []byte("<html>")); err == nil {
		t.Error("no error for what is no JSON")
	}
}

func TestProgressLine(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		state   run.Progress
		elapsed time.Duration
		want    string
	}{
		{"a stage without amount is its name", run.Progress{Stage: run.StageVerify}, time.Second, "verify"},
		{"speed and time left", run.Progress{Stage: run.StageScan, Done: 200e6, Total: 1000e6, Unit: "bytes"}, 2 * time.Second,
			"parse 200 MB of 1000 MB (20 %), 100 MB/s, 8s left"},
		{"rows per second where they are counted", run.Progress{Stage: run.StageScan, Done: 200e6, Total: 1000e6, Unit: "bytes", Rows: 500_000}, 2 * time.Second,
			"parse 200 MB of 1000 MB (20 %), 250000 rows/s, 8s left"},
		{"the speed of what has ended, however short it was", run.Progress{Stage: run.StageScan, Done: 1e6, Total: 1e6, Unit: "bytes", Rows: 500}, time.Millisecond,
			"parse 1 MB of 1 MB (100 %), 500000 rows/s, 0s left"},
		{"no time left where the total is not known", run.Progress{Stage: run.StageBuild, Done: 5000, Unit: "person"}, time.Second, "build 5000 person, 5000 person/s"},
		{"no speed in the first moment", run.Progress{Stage: run.StageScan, Done: 1, Total: 10, Unit: "person"}, time.Millisecond, "parse 1 person of 10 person (10 %)"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if d := cmp.Diff(tt.want, line(tt.state, tt.elapsed)); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("nothing is shown where there is no terminal", func(t *testing.T) {
		var b bytes.Buffer
		p := newProgress(&b)
		p.update(run.Progress{Stage: run.StageScan, Done: 1})
		p.end()
		if b.Len() > 0 {
			t.Error(b.String())
		}
	})
}

func TestExitCode(t *testing.T) {
	for _, tt := range []struct {
		rule string
		err  error
		want int
	}{
		{"done", nil, 0},
		{"anything unforeseen has failed", errors.New("x"), 1},
		{"usage", &usageError{errors.New("x")}, 2},
		{"a bad value is bad usage", annuaire.Invalid("family", "x", "x"), 2},
		{"nothing to do", outcomeError(store.OutcomeUnchanged), 3},
		{"a report that is done", outcomeError(store.OutcomeApplied), 0},
		{"an input at fault, although its cause is a bad value", &annuaire.InputError{Err: annuaire.Invalid("from", "x", "x")}, 4},
		{"an input at fault beside another failure", errors.Join(errors.New("close"), &annuaire.InputError{Err: errors.New("x")}), 4},
		{"not found", annuaire.Errorf(annuaire.CodeNotFound, "", "x", "x", nil), 1},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := exitCode(tt.err); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{-time.Hour: "0 h", 90 * time.Minute: "1 h", 47 * time.Hour: "47 h", 50 * time.Hour: "2 days"} {
		if got := age(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
