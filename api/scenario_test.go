package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/obs"
)

// scenario is one exchange. Wants and nots are looked for in the body, "Header: value" in the headers.
type scenario struct {
	rule, method, url string
	headers           []string
	status            int
	wants, nots       []string
	has               []string // headers
}

func (sc scenario) run(t *testing.T, s *Server) {
	t.Helper()
	w := do(t, s, sc.method, sc.url, sc.headers...)
	if w.Code != sc.status {
		t.Fatalf("status %d, want %d: %s", w.Code, sc.status, w.Body)
	}
	body := w.Body.String()
	for _, x := range sc.wants {
		if !strings.Contains(body, x) {
			t.Errorf("body lacks %q: %s", x, body)
		}
	}
	for _, x := range sc.nots {
		if strings.Contains(body, x) {
			t.Errorf("body holds %q: %s", x, body)
		}
	}
	for _, x := range sc.has {
		name, value, _ := strings.Cut(x, ": ")
		if got := strings.Join(w.Header().Values(name), ", "); got != value && !strings.Contains(got, value) {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if sc.method == "HEAD" && body != "" {
		t.Errorf("HEAD with a body: %s", body)
	}
	if w.Header().Get("X-Request-Id") == "" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", w.Header())
	}
}

const zeliePath = "/v1/professionals/899012345679"

var scenarios = []scenario{
	{rule: "a search answers totals, time and place", method: "GET", url: "/v1/professionals?family=ex", status: 200, wants: []string{`"total":2,"total_is":"exact","took_ms":0,"as_of":"2026-11-21T04:12:00Z"`, `"ignored":[]`, `"next":null`}, nots: []string{`"facets"`, `"explain"`}, has: []string{"Content-Type: application/json", "Cache-Control: no-store"}},
	{rule: "facets come when asked, an empty one too", method: "GET", url: "/v1/professionals?facets=profession,mode", status: 200, wants: []string{`"facets":{"mode":[],"profession":[{"code":"10","label":"Médecin","count":2}]}`}},
	{rule: "explain says how the question was understood", method: "GET", url: "/v1/professionals?profession=10&explain=true", status: 200, wants: []string{`"explain":{"where":"one_activity(equals(profession, \"10\"))","match":"tolerant","sort":"relevance"}`}},
	{rule: "fields keeps these keys, in the order of the item", method: "GET", url: "/v1/professionals?fields=given,id&limit=1", status: 200, wants: []string{`"items":[{"id":"899012345679","given":"Zélie"}]`}},
	{rule: "next keeps every parameter", method: "GET", url: "/v1/professionals?limit=1&fields=id&family=e%26x;%20y", status: 200, wants: []string{`"next":"/v1/professionals?limit=1&fields=id&family=e%26x%3B+y&cursor=ey`}},
	{rule: "signs stay as they are", method: "GET", url: "/v1/structures", status: 200, wants: []string{"CH EXEMPLE & FILS"}},
	{rule: "and under fields too", method: "GET", url: "/v1/structures?fields=name", status: 200, wants: []string{"CH EXEMPLE & FILS"}},
	{rule: "mailboxes", method: "GET", url: "/v1/mailboxes?kind=ORG", status: 200, wants: []string{`"address":"accueil@ch.formation.mssante.fr","kind":"ORG","rank":null,"owners":[]`}},
	{rule: "HEAD of a search", method: "HEAD", url: "/v1/professionals", status: 200},
	{rule: "HEAD of a problem", method: "HEAD", url: "/v1/professionals?x=1", status: 400, has: []string{"Content-Type: application/problem+json"}},

	{rule: "a person by IdNatPP", method: "GET", url: zeliePath, status: 200, wants: []string{`{"id":"899012345679","rpps":"99012345679"`}, has: []string{"Cache-Control: private, no-cache"}},
	{rule: "a person by RPPS", method: "GET", url: "/v1/professionals/99012345679", status: 200, wants: []string{`"id":"899012345679"`}},
	{rule: "a person by ADELI has no RPPS", method: "GET", url: "/v1/professionals/0990000001?fields=rpps,given,mailboxes", status: 200, wants: []string{`{"rpps":null,"given":null,"mailboxes":[]}`}},
	{rule: "an unknown person", method: "GET", url: "/v1/professionals/899099999999", status: 404, wants: []string{`"type":"/problems/not_found"`, "Inconnu de l'annuaire."}, nots: []string{"parameter"}},
	{rule: "a person who has left", method: "GET", url: "/v1/professionals/" + goneID, status: 410, wants: []string{`"type":"/problems/gone"`}},
	{rule: "a structure", method: "GET", url: "/v1/structures/F990000001", status: 200, wants: []string{`"finess":"990000001"`, `"trade_name":"HÔPITAL"`}},
	{rule: "a mailbox, whatever its case", method: "GET", url: "/v1/mailboxes/Zelie.Exemple@medecin.formation.mssante.fr", status: 200, wants: []string{`"kind":"PER","rank":1`}},
	{rule: "a mailbox with its sign escaped", method: "GET", url: "/v1/mailboxes/zelie.exemple%40medecin.formation.mssante.fr", status: 200, wants: []string{`"kind":"PER"`}},

	{rule: "an unknown route", method: "GET", url: "/v2", status: 404, wants: []string{`"type":"/problems/not_found"`, "Cette adresse n'existe pas."}},
	{rule: "a sub-resource that does not exist", method: "GET", url: zeliePath + "/cats", status: 404, wants: []string{"Cette adresse n'existe pas."}},
	{rule: "no trailing slash", method: "GET", url: "/v1/professionals/", status: 404},
	{rule: "a wrong method names the right ones", method: "POST", url: "/v1/professionals", status: 405, wants: []string{`"type":"/problems/method_not_allowed"`}, has: []string{"Allow: OPTIONS, GET, HEAD"}},
	{rule: "a wrong method on a record", method: "DELETE", url: zeliePath, status: 405, has: []string{"Allow: OPTIONS, GET, HEAD"}},

	{rule: "English to whoever prefers it", method: "GET", url: "/v1/professionals?famly=x", headers: []string{"Accept-Language", "de, en-GB;q=0.8, fr;q=0.3"}, status: 400, wants: []string{"Invalid parameter", "unknown parameter"}, has: []string{"Content-Language: en", "Vary: Accept-Language"}},
	{rule: "French to whoever prefers it", method: "GET", url: "/v1/professionals?famly=x", headers: []string{"Accept-Language", "fr-CH, en;q=0.8"}, status: 400, wants: []string{"inconnu"}, has: []string{"Content-Language: fr"}},
	{rule: "French to whoever prefers neither", method: "GET", url: "/v1/professionals/899099999999", headers: []string{"Accept-Language", "ja"}, status: 404, wants: []string{"Inconnu"}},
	{rule: "French to whoever sends nonsense", method: "GET", url: "/v1/professionals?famly=x", headers: []string{"Accept-Language", strings.Repeat("en-", 4000)}, status: 400, wants: []string{"inconnu"}},
	{rule: "a harmless request id is taken over", method: "GET", url: "/v1/x", headers: []string{"X-Request-Id", "abc-123"}, status: 404, wants: []string{`"request_id":"abc-123"`}, has: []string{"X-Request-Id: abc-123"}},
	{rule: "another one is not", method: "GET", url: "/v1/x", headers: []string{"X-Request-Id", `"><script>`}, status: 404, nots: []string{"script"}},

	{rule: "alive", method: "GET", url: "/healthz", status: 200, wants: []string{`{"status":"ok","took_ms":0}`}},
	{rule: "ready", method: "GET", url: "/readyz?x=1", status: 200, wants: []string{`{"status":"ready","version":"test","components":[{"name":"search","state":"ready","required":true,"reason":""}]}`}},
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	s := newServer(newFake())
	for _, sc := range scenarios {
		t.Run(sc.rule, func(t *testing.T) { t.Parallel(); sc.run(t, s) })
	}
}

func TestMatchingActivityComesFirst(t *testing.T) {
	t.Parallel()
	p := annuaire.Professional{ID: "899012345679", Activities: []annuaire.Activity{{Profession: "1"}, {Profession: "2"}, {Profession: "3"}}}
	for matched, want := range map[int]string{0: "123", 1: "213", 2: "312", 3: "123", -1: "123"} {
		got := ""
		for _, a := range professional(annuaire.Item[annuaire.Professional]{Value: p, Matched: matched}).(professionalDTO).Activities {
			got += a.Profession
		}
		if got != want {
			t.Errorf("matched %d: %s, want %s", matched, got, want)
		}
	}
	if p.Activities[0].Profession != "1" {
		t.Error("the record was reordered")
	}
}

func TestEntityTag(t *testing.T) {
	t.Parallel()
	d := newFake()
	s := newServer(d)
	tag := do(t, s, "GET", zeliePath).Header().Get("ETag")
	if len(tag) != 34 || tag[0] != '"' {
		t.Fatalf("ETag %s", tag)
	}
	for header, status := range map[string]int{tag: 304, "W/" + tag: 304, `"x", ` + tag: 304, "*": 304, `"x"`: 200, strings.Trim(tag, `"`): 200} {
		w := do(t, s, "GET", zeliePath, "If-None-Match", header)
		if w.Code != status || w.Header().Get("ETag") != tag || (status == 304) != (w.Body.Len() == 0) {
			t.Errorf("If-None-Match %s: %d, tag %s, %d bytes", header, w.Code, w.Header().Get("ETag"), w.Body.Len())
		}
	}
	if other := do(t, s, "GET", zeliePath+"?fields=id").Header().Get("ETag"); other == tag {
		t.Error("another body has the same tag")
	}
	head := do(t, s, "HEAD", zeliePath)
	if head.Header().Get("ETag") != tag || head.Header().Get("Content-Length") == "" || head.Body.Len() != 0 {
		t.Errorf("HEAD: %v", head.Header())
	}
	d.people[0].Value.Family = "AUTRE"
	if changed := do(t, s, "GET", zeliePath, "If-None-Match", tag); changed.Code != 200 || changed.Header().Get("ETag") == tag {
		t.Error("a changed record has the same tag")
	}
}

func TestDirectoryErrors(t *testing.T) {
	t.Parallel()
	secret := errors.New("open /srv/secret: broken")
	tests := []struct {
		rule, url  string
		err        error
		status     int
		param      string
		says, nots string
	}{
		{"an unknown value names its parameter", "/v1/professionals?profession=xx", annuaire.Invalid("profession", "« xx » inconnu", "unknown"), 400, "profession", "« xx » inconnu", ""},
		{"a field shows under the name the client used", "/v1/professionals?rpps=99012345679", annuaire.Invalid("id", "non", "no"), 400, "rpps", "non", ""},
		{"name of a structure", "/v1/structures?name=x", annuaire.Invalid("structure", "non", "no"), 400, "name", "non", ""},
		{"a field nobody asked about names none", "/v1/professionals?family=x", annuaire.Invalid("city", "non", "no"), 400, "", "non", ""},
		{"an invalid identifier names the path", "/v1/structures/x", annuaire.Invalid("structure_id", "non", "no"), 400, "id", "non", ""},
		{"a refused person names the path", zeliePath, annuaire.Invalid("x", "non", "no"), 400, "id", "non", ""},
		{"a refused mailbox names the path", "/v1/mailboxes/a@b.fr", annuaire.Invalid("x", "non", "no"), 400, "address", "non", ""},
		{"unavailable is said", "/v1/professionals", annuaire.Errorf(annuaire.CodeUnavailable, "search", "Chargement en cours.", "Loading.", secret), 503, "", "Chargement", "secret"},
		{"a wrapped domain error is found", "/v1/mailboxes", fmt.Errorf("secret: %w", annuaire.Errorf(annuaire.CodeTooMany, "", "Doucement.", "Slow down.", nil)), 429, "", "Doucement.", "secret"},
		{"an internal error says nothing", "/v1/professionals", secret, 500, "", "request_id", "secret"},
		{"an internal domain error says nothing", "/v1/structures/x", annuaire.Errorf(annuaire.CodeInternal, "x", "secret", "secret", nil), 500, "", "request_id", "secret"},
		{"an unknown code is internal", "/v1/structures/x", annuaire.Errorf("new", "x", "texte", "text", nil), 500, "", "", ""},
		{"a deadline is unavailable", "/v1/professionals", fmt.Errorf("secret: %w", context.DeadlineExceeded), 503, "", "Réessayez", "secret"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			d := newFake()
			d.fail = func(context.Context, string) error { return tt.err }
			w := do(t, newServer(d), "GET", tt.url)
			p := problemIn(t, w)
			if p.Status != tt.status || p.Parameter != tt.param || !strings.Contains(p.Detail, tt.says) {
				t.Errorf("problem %+v", p)
			}
			if tt.nots != "" && strings.Contains(w.Body.String(), tt.nots) {
				t.Errorf("internal text leaks: %s", w.Body)
			}
			if (w.Code == 503) != (w.Header().Get("Retry-After") != "") {
				t.Errorf("status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
			}
		})
	}
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	d := newFake()
	d.fail = func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }
	s := New(Options{Directory: d, Budget: 5 * time.Millisecond, HealthBudget: time.Millisecond})
	for _, url := range []string{"/v1/professionals", zeliePath, "/healthz"} {
		if w := do(t, s, "GET", url); problemIn(t, w).Status != 503 {
			t.Errorf("%s: %d", url, w.Code)
		}
	}
}

func TestHealthRoutes(t *testing.T) {
	t.Parallel()
	d, health := newFake(), obs.NewHealth()
	search := health.Register("search", true)
	s := New(Options{Directory: d, Health: health, Training: true})
	scenario{rule: "not ready", method: "GET", url: "/readyz", status: 503, wants: []string{`"status":"not_ready","mode":"FORMATION"`, `"state":"starting"`}, has: []string{"X-Annuaire-Mode: FORMATION", "Cache-Control: no-store"}}.run(t, s)
	search.Set(obs.StateDegraded, "données de la veille")
	scenario{rule: "ready", method: "GET", url: "/readyz", status: 200, wants: []string{`"status":"ready","mode":"FORMATION"`, "données de la veille"}}.run(t, s)
	scenario{rule: "alive", method: "GET", url: "/healthz", status: 200, wants: []string{`"mode":"FORMATION"`}}.run(t, s)
	scenario{rule: "problems say FORMATION too", method: "GET", url: "/x", status: 404, has: []string{"X-Annuaire-Mode: FORMATION"}}.run(t, s)
	if got := d.asked(); got.Limit != 1 || got.Where.Op == annuaire.OpTrue {
		t.Errorf("healthz asked %+v", got)
	}
	d.fail = func(context.Context, string) error { return errors.New("index closed") }
	scenario{rule: "dead", method: "GET", url: "/healthz", status: 503, nots: []string{"index closed"}}.run(t, s)
}
