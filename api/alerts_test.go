package api

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
)

func TestAlertPages(t *testing.T) {
	s := tokenServer(newFake(), Limits{})
	chief, clerk := []string{"Authorization", "Bearer approver"}, []string{"Authorization", "Bearer addresses"}
	evidence := do(t, s, "GET", "/v1/alerts/2026-001/evidence?format=html", chief...)
	receipt := do(t, s, "GET", "/v1/alerts/2026-001/acknowledge/good", "Accept", "text/html,application/xhtml+xml")
	t.Run("what authors, texts and reasons hold is text in a page, never a part of it", func(t *testing.T) {
		for _, page := range []string{evidence.Body.String(), receipt.Body.String()} {
			if strings.Contains(page, "<script") || strings.Contains(page, "<i>Anne") || strings.Contains(page, "<img>") || strings.Contains(page, "<b>group") || !strings.Contains(page, "Rougeole &lt;script") {
				t.Error(page)
			}
		}
	})
	t.Run("a page runs nothing and asks nobody, and tells no other site its address", func(t *testing.T) {
		h := receipt.Header()
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'sha256-") || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" {
			t.Error(h)
		}
	})
	t.Run("the evidence says who approved, whom it was for and the hash", func(t *testing.T) {
		for _, want := range []string{"Bruno", "bbbbbb", "ab12", "cd34", "médecins", "EXERCICE", "annuaire n° 42"} {
			if !strings.Contains(evidence.Body.String(), want) {
				t.Errorf("no %q", want)
			}
		}
	})
	t.Run("a browser gets the evidence to print, a program as JSON", func(t *testing.T) {
		if w := do(t, s, "GET", "/v1/alerts/2026-001/evidence", append([]string{"Accept", "text/html"}, chief...)...); !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Error(w.Header())
		}
		if w := do(t, s, "GET", "/v1/alerts/2026-001/evidence", chief...); w.Header().Get("Content-Type") != "application/json" {
			t.Error(w.Header())
		}
	})
	t.Run("a link that is not valid shows a page that says so", func(t *testing.T) {
		w := do(t, s, "GET", "/v1/alerts/2026-001/acknowledge/bad", "Accept", "text/html")
		if w.Code != 404 || !strings.Contains(w.Body.String(), "pas valable") || strings.Contains(w.Body.String(), "<form") {
			t.Error(w.Code, w.Body)
		}
	})
	t.Run("what a spreadsheet takes for a formula does not begin a cell", func(t *testing.T) {
		for _, url := range []string{"/v1/alerts/2026-001/recipients?format=csv", "/v1/alerts/2026-001/report?format=csv"} {
			rows, err := csv.NewReader(do(t, s, "GET", url, clerk...).Body).ReadAll()
			if err != nil || len(rows) != 3 {
				t.Fatal(err, rows)
			}
			for _, r := range rows {
				if slices.ContainsFunc(r, func(v string) bool { return strings.HasPrefix(v, "=") }) {
					t.Error(r)
				}
			}
		}
	})
	t.Run("a list says where it goes on", func(t *testing.T) {
		w := do(t, s, "GET", "/v1/alerts/2026-001/recipients?limit=1&state=accepted", clerk...)
		if !strings.Contains(w.Body.String(), `"next":"/v1/alerts/2026-001/recipients?after=1&limit=1&state=accepted"`) {
			t.Error(w.Body)
		}
	})
	t.Run("the refusal of the desk shows its rule", func(t *testing.T) {
		if w := post(s, "/v1/alerts/2026-001/approve", "{}", chief...); w.Code != 409 || !strings.Contains(w.Body.String(), `"rule":"wrong_state"`) {
			t.Error(w.Code, w.Body)
		}
	})
	t.Run("an If-Match that is no tag of ours is refused", func(t *testing.T) {
		if w := post(s, "/v1/alerts/2026-001/submit", "{}", "Authorization", "Bearer author", "If-Match", "x"); w.Code != 400 {
			t.Error(w.Code)
		}
	})
	t.Run("a server without alerts says that they are unavailable", func(t *testing.T) {
		if w := do(t, newServer(newFake()), "GET", "/v1/alerts/public"); w.Code != 503 {
			t.Error(w.Code)
		}
	})
}
