package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"annuaire"
)

// kinds are the kinds of callers of DESIGN 10, and the words of x-roles that each of them answers to: written out here, so that the code is
// held against something that is not itself.
var kinds = map[string][]annuaire.Role{
	"anyone":          {anyone},
	"reader":          {anyone, "reader"},
	"structure":       {anyone, "reader"},
	"operator":        {anyone, "reader", "operator"},
	"registrar":       {anyone, "reader", "registrar"},
	"professional":    {anyone, "professional"},
	"alert:author":    {anyone, "reader", "alert:author"},
	"alert:approver":  {anyone, "reader", "alert:approver"},
	"alert:addresses": {anyone, "reader", "alert:addresses"},
	"admin":           {anyone, "reader", "admin"},
	"local":           {anyone, "reader", "admin"},
}

// asKind recognises "ann_" and the name of a kind; structures show a certificate.
type asKind struct{}

func (asKind) Authenticate(secret string) (annuaire.Caller, error) {
	kind := strings.TrimPrefix(secret, "ann_")
	if !slices.Contains(annuaire.Roles, annuaire.Role(kind)) {
		return annuaire.Caller{}, annuaire.Errorf(annuaire.CodeUnauthorized, "", "x", "x", nil).Because("token_unknown")
	}
	return annuaire.Caller{ID: kind, Roles: []annuaire.Role{annuaire.Role(kind)}, Domains: []string{"operateur.formation.mssante.fr"}, Proof: "token"}, nil
}

func (asKind) Identify(context.Context, string) (annuaire.Caller, error) {
	return annuaire.Caller{ID: "pro:899012345679", Roles: []annuaire.Role{annuaire.RoleProfessional}, Professional: "899012345679", Proof: "oidc"}, nil
}

func (asKind) Certificate(*x509.Certificate) (annuaire.Caller, error) {
	return annuaire.Caller{ID: "structure 1480000017", Roles: []annuaire.Role{annuaire.RoleReader}, Proof: "certificate"}, nil
}

// as sends a request as a caller of a kind.
func as(s *Server, kind string, r *http.Request) *httptest.ResponseRecorder {
	var h http.Handler = s
	switch kind {
	case "anyone":
	case "local":
		h = Local(s)
	case "structure":
		r.TLS = &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{{}}}}
	case "professional":
		r.Header.Set("Authorization", "Bearer a.b.c")
	default:
		r.Header.Set("Authorization", "Bearer ann_"+kind)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// example makes a request of the examples of an operation.
func example(t *testing.T, method, path string, item *openapi3.PathItem, op *openapi3.Operation) func() *http.Request {
	t.Helper()
	query := "?"
	for _, ref := range append(append(openapi3.Parameters{}, item.Parameters...), op.Parameters...) {
		p := ref.Value
		v, ok := p.Example.(string)
		if !ok {
			v, ok = "1", p.In == "path" || p.Required
		}
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", v)
		case p.In == "query" && p.Required && ok:
			query += p.Name + "=" + url.QueryEscape(v) + "&"
		}
	}
	body := ""
	if op.RequestBody != nil {
		for _, m := range op.RequestBody.Value.Content {
			if b, err := json.Marshal(m.Example); err == nil && m.Example != nil {
				body = string(b)
			}
		}
	}
	return func() *http.Request {
		r := httptest.NewRequest(method, path+strings.TrimSuffix(query, "?"), strings.NewReader(body))
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		return r
	}
}

func rolesOf(op *openapi3.Operation) (out []annuaire.Role) {
	list, _ := op.Extensions["x-roles"].([]any)
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, annuaire.Role(s))
		}
	}
	return out
}

func matrixServer(d Directory) *Server {
	o := Options{Directory: d, Now: func() time.Time { return extractTime }, Tokens: asKind{}, Identities: asKind{}, Certificates: asKind{}, Syncs: fakeSyncs{}, Keeper: fakeKeeper{}, Audit: &fakeAudit{},
		Registry: newRegistry(), Eligibilities: fakeEligibility{}, Answers: fakeAnswers{map[string]annuaire.Answer{}}}
	o.Runs, _ = d.(Runs)
	return New(o)
}

// TestAuthorisationMatrix takes every operation of the contract as every kind of caller of DESIGN 10: what is enforced is what x-roles states.
// That x-roles states what DESIGN 10 says is for the table mays of cmd/annuaire, by the built program.
func TestAuthorisationMatrix(t *testing.T) {
	doc, _ := loadContract(t)
	s := matrixServer(newFake())
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			name := method + " " + path
			roles := rolesOf(op)
			if len(roles) == 0 {
				t.Errorf("%s has no x-roles: say in api/openapi.yaml, under its operationId, who may: x-roles: [operator], say; words: anyone, professional, %v", name, annuaire.Roles)
				continue
			}
			t.Run(name, func(t *testing.T) {
				secured(t, op, roles)
				request := example(t, method, path, item, op)
				for kind, words := range kinds {
					may := slices.ContainsFunc(roles, func(r annuaire.Role) bool { return slices.Contains(words, r) })
					w := as(s, kind, request())
					var p Problem
					_ = json.Unmarshal(w.Body.Bytes(), &p) // what is no JSON is no problem
					rule := map[bool]string{true: "authentication_needed", false: "role_lacking"}[kind == "anyone"]
					status := map[bool]int{true: 401, false: 403}[kind == "anyone"]
					switch {
					case may && (w.Code == 401 || p.Rule == "role_lacking" || p.Rule == "authentication_needed"):
						t.Errorf("%s may by x-roles, and is refused: %d %s", kind, w.Code, w.Body)
					case !may && (w.Code != status || p.Rule != rule):
						t.Errorf("%s may not, and gets %d %s", kind, w.Code, w.Body)
					}
				}
			})
		}
	}
}

// secured: what is not for anyone says by what means one proves who one is.
func secured(t *testing.T, op *openapi3.Operation, roles []annuaire.Role) {
	t.Helper()
	if slices.Contains(roles, anyone) {
		return
	}
	if op.Security == nil || len(*op.Security) == 0 {
		t.Error("it is not for anyone and has no security: [{jeton: []}] or [{professionnel: []}]")
		return
	}
	for _, r := range *op.Security {
		if len(r) == 0 {
			t.Error("it is not for anyone, and security lets who proves nothing")
		}
	}
}

func TestPermissions(t *testing.T) {
	t.Run("a route that the contract does not state is nobody's", func(t *testing.T) {
		s := matrixServer(newFake())
		s.echo.GET("/v1/forgotten/:id", func(c echo.Context) error { return c.NoContent(204) })
		s.permit()
		for kind := range kinds {
			if w := as(s, kind, httptest.NewRequest("GET", "/v1/forgotten/x", nil)); w.Code != 401 && w.Code != 403 {
				t.Errorf("%s: %d", kind, w.Code)
			}
		}
	})
	t.Run("HEAD is as GET", func(t *testing.T) {
		s := matrixServer(newFake())
		if !s.served["GET /docs/*"] || operation("HEAD", "/v1/a/:b") != "GET /v1/a/{b}" {
			t.Error(s.served)
		}
	})
	t.Run("what is not there is not found, for everyone", func(t *testing.T) {
		s := matrixServer(newFake())
		for kind := range kinds {
			for method, want := range map[string]int{"GET": 404, "POST": 404} {
				if w := as(s, kind, httptest.NewRequest(method, "/v1/nowhere", nil)); w.Code != want {
					t.Errorf("%s %s: %d", kind, method, w.Code)
				}
			}
			if w := as(s, kind, httptest.NewRequest("DELETE", "/v1/professionals", nil)); w.Code != 405 {
				t.Errorf("%s: %d", kind, w.Code)
			}
		}
	})
	for rule, text := range map[string]string{
		"a word that is no role is an error":     "paths: {/a: {get: {x-roles: [root]}}}",
		"x-roles that is no list is an error":    "paths: {/a: {get: {x-roles: {a: b}}}}",
		"a contract that is no YAML is an error": "paths: [",
	} {
		t.Run(rule, func(t *testing.T) {
			if _, err := statedIn([]byte(text)); err == nil {
				t.Error("none")
			}
		})
	}
}
