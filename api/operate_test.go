package api

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"annuaire"
)

func TestMissedChanges(t *testing.T) {
	s := tokenServer(newFake(), Limits{})
	for rule, accept := range map[string]string{"a reader who has missed changes is told where to start again": "", "one who follows is too, before the stream begins": "text/event-stream"} {
		t.Run(rule, func(t *testing.T) {
			w := do(t, s, "GET", "/v1/changes?since="+missedSeq, "Authorization", "Bearer reader", "Accept", accept)
			var p struct {
				Type    string
				Restart struct {
					Since  uint64
					Export []string
				}
			}
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 410 || p.Type != "/problems/gone" || p.Restart.Since != 12 || len(p.Restart.Export) != 3 {
				t.Fatal(w.Code, w.Body, err)
			}
			for _, path := range p.Restart.Export {
				if got := do(t, s, "GET", path, "Authorization", "Bearer reader"); got.Code != 200 {
					t.Errorf("%s: %d", path, got.Code)
				}
			}
		})
	}
}

func TestAtomFeedOfRuns(t *testing.T) {
	d := newFake()
	first := annuaire.Publication{Run: "000001", Extract: extractTime, Published: extractTime.Add(time.Hour), Loaded: true, People: annuaire.Counts{Created: 20}}
	second := annuaire.Publication{Run: "000002", Extract: extractTime.AddDate(0, 0, 1), Published: extractTime.AddDate(0, 0, 1), People: annuaire.Counts{Created: 3, Changed: 2, Gone: 1}}
	d.runs = []annuaire.Publication{second, first}
	s := tokenServer(d, Limits{})
	w := do(t, s, "GET", "/v1/sync/runs.atom")
	type feed struct {
		XMLName           xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID, Title, Update string
		Updated           time.Time `xml:"updated"`
		Author            string    `xml:"author>name"`
		Entries           []struct {
			ID      string    `xml:"id"`
			Title   string    `xml:"title"`
			Updated time.Time `xml:"updated"`
			Content string    `xml:"content"`
		} `xml:"entry"`
	}
	var f feed
	if err := xml.Unmarshal(w.Body.Bytes(), &f); err != nil || w.Code != 200 {
		t.Fatal(w.Code, w.Body, err)
	}
	t.Run("it has what RFC 4287, 4.1 requires", func(t *testing.T) {
		if f.Author == "" || !f.Updated.Equal(second.Published) || len(f.Entries) != 2 || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/atom+xml") {
			t.Errorf("%+v", f)
		}
		for _, e := range f.Entries {
			if !strings.HasPrefix(e.ID, "urn:uuid:") || e.Title == "" || e.Updated.IsZero() {
				t.Errorf("%+v", e)
			}
		}
	})
	t.Run("runs have ids of their own, in figures", func(t *testing.T) {
		if f.Entries[0].ID == f.Entries[1].ID || !strings.Contains(f.Entries[0].Content, "3 nouveaux, 2 modifiés, 1 partis") {
			t.Errorf("%+v", f.Entries)
		}
	})
	t.Run("a reader that has it is told so", func(t *testing.T) {
		if again := do(t, s, "GET", "/v1/sync/runs.atom", "If-None-Match", w.Header().Get("ETag")); again.Code != 304 {
			t.Error(again.Code)
		}
	})
	t.Run("with no run yet it is a feed all the same", func(t *testing.T) {
		d.runs = nil
		var f feed
		if err := xml.Unmarshal(do(t, s, "GET", "/v1/sync/runs.atom").Body.Bytes(), &f); err != nil || f.Updated.IsZero() {
			t.Error(f, err)
		}
	})
	t.Run("where runs are not known there is none", func(t *testing.T) {
		if w := do(t, New(Options{Directory: newFake()}), "GET", "/v1/sync/runs.atom"); w.Code != 404 {
			t.Error(w.Code)
		}
	})
}

func TestPlannedMaintenance(t *testing.T) {
	now := extractTime
	m := &annuaire.Maintenance{From: now.Add(time.Hour), Until: now.Add(3 * time.Hour), French: "bascule", English: "switch"}
	d := newFake()
	s := New(Options{Directory: d, Now: func() time.Time { return now }, Maintenance: m})
	said := func() (header string, under any, code int) {
		w := do(t, s, "GET", "/readyz")
		var r struct{ Maintenance map[string]any }
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		return do(t, s, "GET", "/v1/professionals?limit=1").Header().Get("X-Annuaire-Maintenance"), r.Maintenance["under_way"], w.Code
	}
	want := m.From.Format(time.RFC3339) + "/" + m.Until.Format(time.RFC3339)
	t.Run("it is announced before it begins, in every answer", func(t *testing.T) {
		if header, under, code := said(); header != want || under != false || code != 200 {
			t.Error(header, under, code)
		}
	})
	t.Run("while it lasts, whoever is refused is told to come back after it", func(t *testing.T) {
		now = m.From.Add(time.Minute)
		d.fail = func(context.Context, string) error {
			return annuaire.Errorf(annuaire.CodeUnavailable, "", "indisponible", "unavailable", nil)
		}
		defer func() { d.fail = nil }()
		if header, under, _ := said(); header != want || under != true {
			t.Error(header, under)
		}
		if w := do(t, s, "GET", "/v1/professionals?limit=1"); w.Code != 503 || w.Header().Get("Retry-After") != "7140" {
			t.Error(w.Code, w.Header())
		}
	})
	t.Run("afterwards nothing is said", func(t *testing.T) {
		now = m.Until
		if header, under, _ := said(); header != "" || under != nil {
			t.Error(header, under)
		}
	})
}

func TestObservedRequests(t *testing.T) {
	type seen struct {
		operation string
		status    int
	}
	var all []seen
	s := New(Options{Directory: newFake(), Observe: func(op string, status int, took time.Duration) {
		if took < 0 {
			t.Error(took)
		}
		all = append(all, seen{op, status})
	}})
	for _, path := range []string{"/v1/professionals?family=ex", "/v1/professionals/899012345679", "/v1/professionals?x=1", "/nowhere/899012345679"} {
		do(t, s, "GET", path)
	}
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("BREW", "/v1/professionals", nil))
	want := []seen{{"GET /v1/professionals", http.StatusOK}, {"GET /v1/professionals/:id", http.StatusOK}, {"GET /v1/professionals", http.StatusBadRequest}}
	for i, w := range want {
		if all[i] != w {
			t.Errorf("%+v, want %+v", all[i], w)
		}
	}
	for _, got := range all {
		if strings.Contains(got.operation, "899012345679") || strings.Contains(got.operation, "BREW") {
			t.Errorf("%q holds what the client wrote", got.operation)
		}
	}
}
