package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// TestEligibilityByCards takes the extract of cards in with a sync, as it comes, and asks who may open a box.
func TestEligibilityByCards(t *testing.T) {
	from := t.TempDir()
	copyTree(t, extracts(t, set{2000, 1, 0}), from)
	probe := newWorld(t, loaded(t, from))
	var page people
	if err := json.Unmarshal(probe.ask("GET", "/v1/professionals?profession=10&has_mailbox=false&limit=50", "", "").Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	var who []someone
	for _, it := range page.Items {
		if it.RPPS != "" {
			who = append(who, it)
		}
	}
	if len(who) < 2 {
		t.Fatal("not enough people")
	}
	asks := func(w *world, rpps, caller string) string {
		return w.ask("GET", "/v1/me/eligibility?rpps="+rpps, "", caller).Body.String()
	}
	t.Run("without an extract a card is no condition, and that is said", func(t *testing.T) {
		if body := asks(probe, who[0].RPPS, "operator"); !strings.Contains(body, `"eligible":true`) || !strings.Contains(body, `"cards_as_of":null`) {
			t.Error(body)
		}
	})
	text := "Type d'identifiant PP|Identifiant PP|Nom d'exercice|Code type de carte|Libellé type de carte|Date fin validité|Date opposition|\n8|" + who[0].RPPS + "|SECRET DE CARTE|0|CPS|31/12/2099||\n"
	latin, err := charmap.ISO8859_1.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(from, "Porteurs_CPS_CPF_202611251200.txt"), []byte(latin), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	res := must(t, nil, "sync", "--data", data, "--from", from)
	if !strings.Contains(res.out, "1 holders of a CPS card") {
		t.Error(res.out)
	}
	w := newWorld(t, data)
	for _, tt := range []struct{ rule, rpps, want string }{
		{"whoever holds a card may", who[0].RPPS, `"eligible":true,"reasons":[]`},
		{"whoever holds none may not", who[1].RPPS, `"eligible":false,"reasons":["no_cps_card"]`},
		{"nor does somebody unknown", "99999999993", `"reasons":["unknown"]`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if body := asks(w, tt.rpps, "operator"); !strings.Contains(body, tt.want) {
				t.Error(body)
			}
		})
	}
	t.Run("who has no business with it is not told", func(t *testing.T) {
		for _, caller := range []string{"", "reader", "registrar"} {
			if code := w.ask("GET", "/v1/me/eligibility?rpps="+who[0].RPPS, "", caller).Code; code != 401 && code != 403 {
				t.Error(caller, code)
			}
		}
	})
	t.Run("the question is in the audit", func(t *testing.T) {
		if body := w.ask("GET", "/v1/audit?what=eligibility&last=50", "", "admin").Body.String(); !strings.Contains(body, "eligibility.read") {
			t.Error(body)
		}
	})
	t.Run("nothing of the cards is published", func(t *testing.T) {
		for _, path := range []string{"/v1/export/professionals", "/v1/changes?since=0", "/v1/professionals/" + who[0].ID} {
			if body := w.ask("GET", path, "", "reader").Body.String(); strings.Contains(body, "SECRET DE CARTE") || strings.Contains(strings.ToLower(body), "cps") {
				t.Error(path)
			}
		}
	})
}
