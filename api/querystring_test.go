package api

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"pgregory.net/rapid"

	"annuaire"
)

var fuzzRoutes = []*route{
	newRoute("/v1/professionals", onProfessionals, keysOf(professionalDTO{})),
	newRoute("/v1/structures", onStructures, keysOf(structureDTO{})),
	newRoute("/v1/mailboxes", onMailboxes, keysOf(mailboxDTO{})),
	newRoute("/v1/mailboxes/{address}", onRecord, keysOf(mailboxDTO{})),
}

// checkQuery holds for every query string: it is refused with a wording, or it makes a question within the limits whose
// link to the next page is accepted and means the same question.
func checkQuery(t interface{ Fatalf(string, ...any) }, rt *route, raw string) {
	req, f := rt.parse(raw)
	if f != nil {
		if f.err.Code != annuaire.CodeInvalid || f.err.Message == "" || f.err.English == "" {
			t.Fatalf("%q refused without a word: %+v", raw, f.err)
		}
		return
	}
	if q := req.query(nil); q.Limit < 1 || q.Limit > annuaire.MaxLimit {
		t.Fatalf("%q: limit %d", raw, q.Limit)
	}
	for name, vals := range req.values {
		if rt.param(name) == nil || len(vals) == 0 || len(vals) > maxValues {
			t.Fatalf("%q: %s has %d values", raw, name, len(vals))
		}
	}
	next, err := req.next(&annuaire.Position{Family: strings.Repeat("é", 300), Given: "n", ID: "899012345679"})
	if err != nil {
		t.Fatalf("%q: %v", raw, err)
	}
	if rt.param("cursor") == nil {
		return
	}
	u, err := url.Parse(*next)
	if err != nil {
		t.Fatalf("%q: next %q: %v", raw, *next, err)
	}
	again, f := rt.parse(u.RawQuery)
	if f != nil {
		t.Fatalf("%q: next %q is refused: %v", raw, *next, f)
	}
	if again.fingerprint() != req.fingerprint() || render(again.where(annuaire.Expr{})) != render(req.where(annuaire.Expr{})) {
		t.Fatalf("%q: next %q is another question", raw, *next)
	}
	if pos, f := again.after(); f != nil || pos == nil || pos.ID != "899012345679" {
		t.Fatalf("%q: next %q does not continue: %v", raw, *next, f)
	}
}

func FuzzQueryString(f *testing.F) {
	for _, seed := range []string{
		"", "family=dupont&profession=10,21&city=Lyon&match=exact&sort=name&limit=5&facets=city&fields=id", "q=x", "&&=&a=b&;=%00%ff", "mode=Lib%C3%A9ral, ind",
		"postal_code=69&rpps=990 1234 5679&has_mailbox=false", "kind=per&mailbox=A@B.fr", "cursor=abc&limit=201", "family=%zz", "family=\xff", "id=2A,%20", "profession=,",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, rt := range fuzzRoutes {
			checkQuery(t, rt, raw)
		}
	})
}

// TestAnyQueryString is the fuzz target on strings made of what matters: real names, values at the limits, raw letters.
func TestAnyQueryString(t *testing.T) {
	t.Parallel()
	var known []string
	for _, p := range params {
		known = append(known, p.name)
	}
	value := rapid.OneOf(
		rapid.SampledFrom([]string{"10", "10,21", "médecin", "de la Tour", "exact", "name", "true", "48000", "99012345679", "990000001", "ville", "PER", "a@b.fr", "id", "city", "%C3%A9"}),
		rapid.StringN(0, 210, 600), rapid.Map(rapid.String(), url.QueryEscape),
	)
	rapid.Check(t, func(t *rapid.T) {
		var parts []string
		for range rapid.IntRange(0, 12).Draw(t, "parameters") {
			parts = append(parts, rapid.SampledFrom(known).Draw(t, "name")+"="+value.Draw(t, "value"))
		}
		checkQuery(t, rapid.SampledFrom(fuzzRoutes).Draw(t, "route"), strings.Join(parts, "&"))
	})
}

func TestLongQueriesKeepTheirNextPage(t *testing.T) {
	t.Parallel()
	raw := strings.Repeat("family="+strings.Repeat("a", 190)+"&", 41) // just under the limit: 198 bytes each
	s := newServer(crowd(60))
	var p page
	if err := json.Unmarshal(do(t, s, "GET", "/v1/professionals?"+raw).Body.Bytes(), &p); err != nil || p.Next == nil {
		t.Fatalf("first page: %v, %+v", err, p)
	}
	if w := do(t, s, "GET", *p.Next); w.Code != 200 {
		t.Errorf("next page: %s", w.Body)
	}
}

func TestParametersThatAreNoCriteria(t *testing.T) {
	read := func(query string, known ...string) (map[string]string, *fault) {
		q, err := parameters(echo.New().NewContext(httptest.NewRequest("GET", "/v1/x?"+query, nil), nil), known...)
		var f *fault
		if errors.As(err, &f) != (err != nil) {
			t.Fatal(err)
		}
		return q, f
	}
	t.Run("each is given once", func(t *testing.T) {
		if q, f := read("as=holder&limit=5", "as", "limit", "cursor"); f != nil || !maps.Equal(q, map[string]string{"as": "holder", "limit": "5"}) {
			t.Error(q, f)
		}
	})
	for _, tt := range []struct{ rule, query, op, nearest string }{
		{"twice is refused", "limit=5&limit=6", "limit", ""},
		{"an unknown one names the nearest", "limti=5", "limti", "limit"},
		{"one that is badly encoded is refused, not dropped", "limit=%zz", "limit", ""},
		{"one that is too long is refused", "as=" + strings.Repeat("x", 2*maxValueRunes+1), "as", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if _, f := read(tt.query, "as", "limit"); f == nil || f.err.Code != annuaire.CodeInvalid || f.err.Op != tt.op || f.nearest != tt.nearest {
				t.Errorf("%+v", f)
			}
		})
	}
	t.Run("where there are none, any is unknown and none is the nearest", func(t *testing.T) {
		if _, f := read("limit=5"); f == nil || f.err.Op != "limit" || strings.Contains(f.err.Message, "«") {
			t.Errorf("%+v", f)
		}
	})
}
