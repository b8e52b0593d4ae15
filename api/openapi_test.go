package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

func loadContract(t testing.TB) (*openapi3.T, routers.Router) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(contract)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return doc, router
}

var pathParam = regexp.MustCompile(`:(\w+)`)

func TestContractHasEveryRoute(t *testing.T) {
	doc, _ := loadContract(t)
	served := map[string]bool{}
	s := newServer(newFake())
	for _, r := range s.echo.Routes() {
		if path := pathParam.ReplaceAllString(r.Path, "{$1}"); r.Method != http.MethodHead && !s.shown[r.Path] {
			served[r.Method+" "+path] = true
		}
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !served[method+" "+path] {
				t.Errorf("%s %s is in the contract and not served", method, path)
			}
			delete(served, method+" "+path)
		}
	}
	for route := range served {
		t.Errorf("%s is served and not in the contract", route)
	}
}

// TestContractHasEveryParameter compares the table of parameters with the contract, both ways, values included.
func TestContractHasEveryParameter(t *testing.T) {
	doc, _ := loadContract(t)
	for path, on := range map[string]routes{"/v1/professionals": onProfessionals, "/v1/structures": onStructures, "/v1/mailboxes": onMailboxes, "/v1/suggest": onSuggest,
		"/v1/me/mailboxes": onMyBoxes, "/v1/me/indicators": onIndicators, "/v1/me/eligibility": onEligibility,
		"/v1/changes": onChanges, "/v1/export/professionals": onProfessionals | onExport, "/v1/export/structures": onStructures | onExport,
		"/v1/export/mailboxes": onMailboxes | onExport, "/v1/professionals/{id}": onRecord} {
		t.Run(path, func(t *testing.T) {
			rt := newRoute(path, on, nil)
			said := map[string]*openapi3.Parameter{}
			for _, p := range doc.Paths.Value(path).Get.Parameters {
				if p.Value.In == "query" {
					said[p.Value.Name] = p.Value
				}
			}
			for _, p := range rt.params {
				q := said[p.name]
				if q == nil {
					t.Errorf("%s is not in the contract", p.name)
					continue
				}
				delete(said, p.name)
				schema := q.Schema.Value
				if schema.Items != nil {
					schema = schema.Items.Value
				}
				var values []string
				for _, v := range schema.Enum {
					values = append(values, v.(string))
				}
				if p.name != "fields" && !slices.Equal(values, p.values) {
					t.Errorf("%s: the contract has %q, the table %q", p.name, values, p.values)
				}
			}
			for name := range said {
				t.Errorf("%s is in the contract and not accepted", name)
			}
		})
	}
}

// conversation is a request, and the status of the answer.
type conversation struct {
	method, url, body string
	headers           []string
	status            int
}

// TestContractIsKept holds requests and answers against the contract: an undocumented field, status or media type fails.
func TestContractIsKept(t *testing.T) {
	_, router := loadContract(t)
	openapi3filter.RegisterBodyDecoder("application/x-ndjson", func(r io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
		b, err := io.ReadAll(r)
		return string(b), err
	})
	reader, admin := []string{"Authorization", "Bearer reader"}, []string{"Authorization", "Bearer admin"}
	author, chief, clerk := []string{"Authorization", "Bearer author"}, []string{"Authorization", "Bearer approver"}, []string{"Authorization", "Bearer addresses"}
	op := []string{"Authorization", "Bearer op"}
	talk := []conversation{
		{"GET", "/v1/professionals?family=ex&facets=profession,city&explain=true&q=kin%C3%A9+du+sport+lyon&limit=1", "", nil, 200},
		{"GET", "/v1/professionals?profession=10&profession=21&sort=name&match=exact&fields=id,family", "", nil, 200},
		{"GET", "/v1/professionals/899012345679", "", nil, 200},
		{"GET", "/v1/professionals/0990000001", "", nil, 200},
		{"GET", "/v1/professionals/899000000001", "", nil, 404},
		{"GET", "/v1/professionals/" + goneID, "", nil, 410},
		{"GET", "/v1/professionals/x", "", nil, 400},
		{"GET", "/v1/professionals/899012345679/history", "", nil, 200},
		{"GET", "/v1/professionals/899000000001/history", "", nil, 404},
		{"POST", "/v1/professionals/lookup", `{"ids":["99012345679","1"]}`, nil, 200},
		{"POST", "/v1/professionals/verify", `{"id":"99012345679","family":"EXEMPLE","given":"x"}`, nil, 200},
		{"GET", "/v1/suggest?q=du&kinds=place,profession&limit=4", "", nil, 200},
		{"GET", "/v1/structures?structure=ch&explain=true", "", nil, 200},
		{"GET", "/v1/structures/F990000001", "", nil, 200},
		{"GET", "/v1/structures/none", "", nil, 404},
		{"GET", "/v1/mailboxes?kind=PER&limit=200", "", nil, 200},
		{"GET", "/v1/mailboxes/zelie.exemple@medecin.formation.mssante.fr", "", nil, 200},
		{"GET", "/v1/mailboxes/none@medecin.formation.mssante.fr", "", nil, 404},
		{"POST", "/v1/mailboxes/published", `{"addresses":["zelie.exemple@medecin.formation.mssante.fr","a@b.fr"]}`, nil, 200},
		{"GET", "/v1/changes?since=0&limit=10", "", reader, 200},
		{"GET", "/v1/changes", "", nil, 401},
		{"GET", "/v1/changes", "", []string{"Authorization", "Bearer nobody"}, 401},
		{"GET", "/v1/changes?since=" + missedSeq, "", reader, 410},
		{"GET", "/v1/sync/runs.atom", "", nil, 200}, {"GET", "/metrics", "", nil, 200},
		{"GET", "/v1/export/professionals?department=69", "", reader, 200},
		{"GET", "/v1/export/structures?format=csv", "", reader, 200},
		{"GET", "/v1/export/mailboxes?after=a", "", reader, 200},
		{"GET", "/v1/export/mailboxes", "", nil, 401},
		{"GET", "/v1/sync/runs?limit=2&before=000009", "", admin, 200},
		{"GET", "/v1/sync/runs", "", nil, 401},
		{"GET", "/v1/sync/runs", "", reader, 403},
		{"POST", "/v1/sync/runs", `{"from":["ans"]}`, admin, 202},
		{"POST", "/v1/sync/runs", `{"from":["busy"]}`, admin, 409},
		{"GET", "/v1/sync/runs/000002", "", admin, 200},
		{"GET", "/v1/sync/runs/000009", "", admin, 404},
		{"POST", "/v1/sync/runs/000002/approve", `{"reason":"x"}`, admin, 202},
		{"POST", "/v1/sync/runs/000002/abort", `{"reason":"x"}`, admin, 200},
		{"POST", "/v1/sync/runs/000009/abort", `{"reason":"x"}`, admin, 404},
		{"GET", "/v1/alerts?limit=1", "", author, 200},
		{"GET", "/v1/alerts", "", nil, 401},
		{"GET", "/v1/alerts", "", reader, 403},
		{"GET", "/v1/alerts?lmit=1", "", author, 400},
		{"POST", "/v1/alerts", `{"title":{"fr":"x"},"severity":"minor"}`, author, 201},
		{"POST", "/v1/alerts", `{"titel":1}`, author, 400},
		{"GET", "/v1/alerts/2026-001", "", author, 200},
		{"GET", "/v1/alerts/2026-002", "", author, 404},
		{"PUT", "/v1/alerts/2026-001", `{"title":{"fr":"y"}}`, author, 200},
		{"PUT", "/v1/alerts/2026-001", `{}`, append([]string{"If-Match", `"3"`}, author...), 412},
		{"GET", "/v1/alerts/2026-001/preview", "", author, 200},
		{"POST", "/v1/alerts/2026-001/test", ``, author, 200},
		{"POST", "/v1/alerts/2026-001/submit", `{"everyone":true}`, author, 200},
		{"POST", "/v1/alerts/2026-001/approve", `{"everyone":true}`, chief, 200},
		{"POST", "/v1/alerts/2026-001/approve", ``, chief, 409},
		{"POST", "/v1/alerts/2026-001/approve", ``, author, 403},
		{"POST", "/v1/alerts/2026-001/reject", `{"reason":"x"}`, chief, 200},
		{"POST", "/v1/alerts/2026-001/pause", `{"reason":"x"}`, chief, 200},
		{"POST", "/v1/alerts/2026-001/resume", ``, chief, 200},
		{"POST", "/v1/alerts/2026-001/cancel", `{"reason":"x"}`, chief, 200},
		{"GET", "/v1/alerts/2026-001/report", "", chief, 200},
		{"GET", "/v1/alerts/2026-001/report?format=csv", "", chief, 200},
		{"GET", "/v1/alerts/2026-001/recipients?limit=1&state=accepted", "", clerk, 200},
		{"GET", "/v1/alerts/2026-001/recipients?format=csv", "", clerk, 200},
		{"GET", "/v1/alerts/2026-001/recipients?format=ndjson", "", clerk, 200},
		{"GET", "/v1/alerts/2026-001/recipients", "", chief, 403},
		{"GET", "/v1/alerts/2026-001/acknowledgements", "", chief, 200},
		{"GET", "/v1/alerts/2026-001/evidence", "", chief, 200},
		{"GET", "/v1/alerts/2026-001/evidence?format=html", "", chief, 200},
		{"GET", "/v1/alerts/2026-001/cap", "", chief, 200},
		{"POST", "/v1/alerts/2026-001/deliveries", `{"items":[{"message_id":"m","status":"failed","code":"5.1.1"}]}`, author, 200},
		{"GET", "/v1/alerts/public", "", nil, 200},
		{"GET", "/v1/alerts/public/2026-001", "", nil, 200},
		{"GET", "/v1/alerts/public/2026-001?format=cap", "", nil, 200},
		{"GET", "/v1/alerts/public/2026-002", "", nil, 404},
		{"GET", "/v1/alerts/2026-001/acknowledge/good", "", nil, 200},
		{"GET", "/v1/alerts/2026-001/acknowledge/good", "", []string{"Accept", "text/html"}, 200},
		{"GET", "/v1/alerts/2026-001/acknowledge/bad", "", nil, 404},
		{"POST", "/v1/alerts/2026-001/acknowledge/good", "", nil, 200},
		{"GET", "/v1/audiences", "", author, 200},
		{"GET", "/v1/audiences", "", reader, 403},
		{"GET", "/v1/audiences/rougeole-69", "", author, 200},
		{"GET", "/v1/audiences/none", "", author, 404},
		{"PUT", "/v1/audiences/rougeole-69", `{"title":"x","tree":{"where":{"all":[{"field":"mode","values":["L"]},{"not":{"field":"sector","values":["SA07"]}}]}}}`, author, 201},
		{"PUT", "/v1/audiences/rougeole-69", `{"text":"profesion:10"}`, author, 400},
		{"PUT", "/v1/audiences/rougeole-69", `{"text":"x"}`, append([]string{"If-Match", `"1"`}, author...), 412},
		{"DELETE", "/v1/audiences/rougeole-69", "", append([]string{"If-Match", `"2"`}, author...), 204},
		{"POST", "/v1/audiences/preview", `{"text":"médecin","sample":5}`, author, 200},
		{"POST", "/v1/audiences/rougeole-69/preview", `{"seed":1}`, author, 200},
		{"GET", "/v1/audiences/rougeole-69/unreachable?format=csv", "", author, 200},
		{"GET", "/v1/audiences/rougeole-69/unreachable", "", author, 200},
		{"GET", "/v1/tokens", "", admin, 200},
		{"GET", "/v1/tokens", "", reader, 403},
		{"POST", "/v1/tokens", `{"name":"Y","roles":["operator"],"operator":"Y","domains":["y.mssante.fr"],"days":30}`, admin, 201},
		{"POST", "/v1/tokens", `{"name":"Z","roles":["operator"],"domains":["taken.mssante.fr"]}`, admin, 409},
		{"POST", "/v1/tokens", `{"name":"Z","roles":["reader"],"days":99999}`, admin, 400},
		{"DELETE", "/v1/tokens/abc234", "", admin, 200},
		{"DELETE", "/v1/tokens/nobody", "", admin, 404},
		{"GET", "/v1/audit?since=2026-11-01T00:00:00Z&what=token&last=5", "", admin, 200},
		{"GET", "/v1/audit?until=yesterday", "", admin, 400},
		{"GET", "/v1/audit", "", nil, 401},
		{"PUT", "/v1/mailboxes/zoe@x.formation.mssante.fr", perBody, op, 201},
		{"PUT", "/v1/mailboxes/zoe@x.formation.mssante.fr", perBody, op, 200},
		{"PUT", "/v1/mailboxes/zoe@x.formation.mssante.fr", `{}`, op, 400},
		{"PUT", "/v1/mailboxes/zoe@y.formation.mssante.fr", perBody, op, 403},
		{"PUT", "/v1/mailboxes/zoe@x.formation.mssante.fr", perBody, nil, 401},
		{"PATCH", "/v1/mailboxes/zoe@x.formation.mssante.fr", `{"red_list":true,"rank":2}`, op, 200},
		{"PATCH", "/v1/mailboxes/none@x.formation.mssante.fr", `{"red_list":true}`, op, 404},
		{"GET", "/v1/mailboxes/zoe@x.formation.mssante.fr", "", op, 200},
		{"GET", "/v1/mailboxes/zoe@x.formation.mssante.fr/history", "", op, 200},
		{"GET", "/v1/mailboxes/zoe@x.formation.mssante.fr/history", "", reader, 403},
		{"GET", "/v1/me/mailboxes?state=red_listed&kind=PER&limit=5", "", op, 200},
		{"GET", "/v1/me/mailboxes?domain=y.formation.mssante.fr", "", op, 403},
		{"GET", "/v1/me/indicators?month=2026-11", "", op, 200},
		{"GET", "/v1/me/indicators?format=csv", "", op, 200},
		{"GET", "/v1/me/eligibility?rpps=99012345679", "", op, 200},
		{"GET", "/v1/me/eligibility?rpps=99000000041", "", op, 200},
		{"DELETE", "/v1/mailboxes/zoe@x.formation.mssante.fr", "", op, 412},
		{"DELETE", "/v1/mailboxes/zoe@x.formation.mssante.fr", "", append(op, "If-Match", `"2"`), 204},
		{"POST", "/v1/mailboxes/batch", line(1, ""), append(op, "Content-Type", "application/x-ndjson"), 200},
		{"POST", "/v1/mailboxes/batch", line(1, ""), []string{"Content-Type", "application/x-ndjson"}, 401},
		{"PUT", "/v1/staff/899000000041", `{"family":"EXEMPLE","given":"Zoé","contact":"zoe@exemple.fr"}`, []string{"Authorization", "Bearer registrar"}, 201},
		{"GET", "/healthz", "", nil, 200}, {"GET", "/readyz", "", nil, 200}, {"GET", "/openapi.yaml", "", nil, 200}, {"GET", "/docs", "", nil, 200},
	}
	d := newFake()
	d.changes = someChanges()
	s := withPersonal(t, tokenServer(d, Limits{}), d)
	talk = append(talk, personalTalk()...)
	seen := map[string]bool{}
	for _, c := range talk {
		t.Run(c.method+" "+c.url, func(t *testing.T) {
			r := httptest.NewRequest(c.method, c.url, strings.NewReader(c.body))
			if c.body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			for i := 0; i+1 < len(c.headers); i += 2 {
				r.Header.Set(c.headers[i], c.headers[i+1])
			}
			route, params, err := router.FindRoute(r)
			if err != nil {
				t.Fatal(err)
			}
			seen[route.Operation.OperationID] = true
			in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route,
				Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}}
			if c.status < 400 {
				if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
					t.Fatal(err)
				}
				r.Body = io.NopCloser(strings.NewReader(c.body))
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != c.status {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			if w.Code == http.StatusNoContent || w.Body.Len() == 0 {
				return
			}
			media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
			if w.Code == http.StatusNoContent && w.Body.Len() == 0 && route.Operation.Responses.Status(w.Code) != nil {
				return
			}
			if media != "application/json" && media != mimeProblem {
				if route.Operation.Responses.Status(w.Code).Value.Content.Get(media) == nil {
					t.Errorf("the contract knows no %s", media)
				}
				return
			}
			if err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: w.Code,
				Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())), Options: in.Options}); err != nil {
				t.Error(err)
			}
		})
	}
	doc, _ := loadContract(t)
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if !seen[op.OperationID] {
				t.Errorf("%s was not tried", op.OperationID)
			}
		}
	}
}

func TestDocsPageStaysHere(t *testing.T) {
	s := New(Options{Directory: newFake(), Training: true})
	w := do(t, s, "GET", "/docs")
	page := w.Body.String()
	if w.Code != 200 || !strings.Contains(page, "FORMATION") || !strings.Contains(page, "/openapi.yaml") {
		t.Fatalf("%d %s", w.Code, page)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if strings.HasPrefix(m[1], "http") || strings.HasPrefix(m[1], "//") {
			t.Errorf("the page asks elsewhere: %s", m[1])
			continue
		}
		if got := do(t, s, "GET", m[1]); got.Code != 200 {
			t.Errorf("%s: %d", m[1], got.Code)
		}
	}
	if !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error(w.Header())
	}
}
