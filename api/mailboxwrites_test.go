package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"annuaire"
)

// write sends a request with a JSON body as whoever holds a secret.
func write(h http.Handler, method, url, body, secret string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const (
	boxPath = "/v1/mailboxes/zoe@x.formation.mssante.fr"
	redPath = "/v1/mailboxes/red@x.formation.mssante.fr"
	perBody = `{"kind":"PER","holder":"899012345679","family":"EXEMPLE","given":"Zélie","terms":"1.0"}`
)

// red is a box on the red list, of the person of DESIGN 8.
var red = annuaire.Registered{Address: "red@x.formation.mssante.fr", Kind: annuaire.KindPER, Holder: "899012345679", RedListOperator: true, Operator: "x.formation.mssante.fr", Responsible: "Nobody", OTPMobile: "+33600000000"}

func TestWritingABox(t *testing.T) {
	r := newRegistry()
	s := boxServer(r)
	var tag string
	t.Run("a new box is created, with its place and its tag", func(t *testing.T) {
		w := write(s, "PUT", boxPath, perBody, "op")
		tag = w.Header().Get("ETag")
		if w.Code != 201 || tag == "" || w.Header().Get("Location") != "/v1/mailboxes/zoe@x.formation.mssante.fr" || !strings.Contains(w.Body.String(), `"state":"active","published":true,"source":"registered"`) {
			t.Error(w.Code, w.Header(), w.Body)
		}
	})
	t.Run("the same again is no creation, and the same tag", func(t *testing.T) {
		if w := write(s, "PUT", boxPath, perBody, "op"); w.Code != 200 || w.Header().Get("ETag") != tag || w.Header().Get("Location") != "" {
			t.Error(w.Code, w.Header())
		}
	})
	t.Run("in another writing of the address too", func(t *testing.T) {
		if w := write(s, "PUT", "/v1/mailboxes/ZOE%40X.formation.MSSante.fr", strings.Replace(perBody, "{", `{"address":"Zoe@x.formation.mssante.fr",`, 1), "op"); w.Code != 200 || w.Header().Get("ETag") != tag {
			t.Error(w.Code, w.Body)
		}
	})
	for _, tt := range []struct {
		rule, method, path, body string
		headers                  []string
		status                   int
		has                      string
	}{
		{"only one that is not there yet: it is", "PUT", boxPath, perBody, []string{"If-None-Match", "*"}, 412, `"rule":"etag_stale"`},
		{"a stale tag changes nothing", "PUT", boxPath, perBody, []string{"If-Match", `"9"`}, 412, `"parameter":"If-Match"`},
		{"If-None-Match with a tag is no condition of a write", "PUT", boxPath, perBody, []string{"If-None-Match", `"1"`}, 400, "If-None-Match"},
		{"another address in the body is a mistake", "PUT", boxPath, `{"address":"other@x.formation.mssante.fr","kind":"PER"}`, nil, 400, `"parameter":"address"`},
		{"so is an unknown key", "PUT", boxPath, `{"kind":"PER","colour":"red"}`, nil, 400, `"parameter":"colour"`},
		{"and a value of another type", "PUT", boxPath, `{"kind":"PER","rank":"1"}`, nil, 400, `"parameter":"rank"`},
		{"and no JSON", "PUT", boxPath, `{`, nil, 400, `"parameter":"body"`},
		{"and another type of content", "PUT", boxPath, perBody, []string{"Content-Type", "text/plain"}, 415, "JSON"},
		{"and a body of a megabyte", "PUT", boxPath, `{"kind":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, "too_large"},
		{"and a path that is no address", "PUT", "/v1/mailboxes/zoe", perBody, nil, 400, `"parameter":"address"`},
		{"a patient's address is refused as such", "PUT", "/v1/mailboxes/185057800608436@patient.mssante.fr", perBody, nil, 400, `"rule":"patient_address"`},
		{"the rule of the registry is shown, with its field", "PUT", boxPath, `{}`, nil, 400, `"rule":"kind_unknown","parameter":"kind"`},
		{"deleting asks for a tag", "DELETE", boxPath, "", nil, 412, `"rule":"etag_missing"`},
		{"the one in force", "DELETE", boxPath, "", []string{"If-Match", `"9"`}, 412, `"rule":"etag_stale"`},
		{"changing what is not there is unknown", "PATCH", "/v1/mailboxes/none@x.formation.mssante.fr", `{"red_list":true}`, nil, 404, "not_found"},
		{"an unknown key of a change is a mistake", "PATCH", boxPath, `{"kind":"ORG"}`, nil, 400, `"parameter":"kind"`},
		{"nothing else is done to a box", "POST", boxPath, perBody, nil, 405, "method_not_allowed"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := write(s, tt.method, tt.path, tt.body, "op", tt.headers...)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.has) || strings.Contains(w.Body.String(), "185057800608436") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	t.Run("a change under the tag in force is taken, and has another tag", func(t *testing.T) {
		w := write(s, "PATCH", boxPath, `{"red_list":true}`, "op", "If-Match", tag)
		if w.Code != 200 || w.Header().Get("ETag") == tag || !strings.Contains(w.Body.String(), `"red_list":{"in_force":true,"operator":true,"holder":false}`) || !strings.Contains(w.Body.String(), `"published":false`) {
			t.Error(w.Code, w.Body)
		}
		tag = w.Header().Get("ETag")
	})
	t.Run("what becomes of it is told", func(t *testing.T) {
		if w := write(s, "GET", boxPath+"/history", "", "op"); w.Code != 200 || !strings.Contains(w.Body.String(), `"what":"create","by":"operator"`) {
			t.Error(w.Code, w.Body)
		}
	})
	t.Run("it is deleted under its tag", func(t *testing.T) {
		if w := write(s, "DELETE", boxPath, "", "op", "If-Match", tag); w.Code != 204 || len(r.boxes) != 0 {
			t.Error(w.Code, w.Body)
		}
	})
}

func TestReadingABox(t *testing.T) {
	r := newRegistry(red)
	s := boxServer(r)
	unknown := write(s, "GET", "/v1/mailboxes/none@x.formation.mssante.fr", "", "")
	words := func(w *httptest.ResponseRecorder) string {
		body, _, _ := strings.Cut(w.Body.String(), `"request_id"`)
		return body
	}
	for secret, rule := range map[string]string{"": "anybody", "reader": "a reader", "op2": "another operator", "registrar": "a registrar", "pro2": "another professional"} {
		t.Run(rule+" gets the answer of an unknown address", func(t *testing.T) {
			for _, path := range []string{redPath, redPath + "?fields=address"} {
				if w := write(s, "GET", path, "", secret); w.Code != 404 || words(w) != words(unknown) {
					t.Error(w.Code, w.Body, unknown.Body)
				}
			}
		})
	}
	t.Run("for them the registry is not even asked, but for the boxes of a professional's own", func(t *testing.T) {
		for _, asked := range r.asked {
			if !strings.HasPrefix(asked, "pro2 ") {
				t.Error(asked)
			}
		}
	})
	for secret, rule := range map[string]string{"op": "its operator", "admin": "an administrator", "pro": "its holder"} {
		t.Run(rule+" reads it back, with a tag", func(t *testing.T) {
			w := write(s, "GET", redPath, "", secret)
			if w.Code != 200 || w.Header().Get("ETag") != `"1"` || !strings.Contains(w.Body.String(), `"otp_mobile":"+33600000000"`) || w.Header().Get("Cache-Control") != "private, no-store" {
				t.Error(w.Code, w.Body)
			}
			if has := strings.Contains(w.Body.String(), "Nobody"); has != (secret != "pro") {
				t.Error("the person responsible is the operator's word:", w.Body)
			}
			if w := write(s, "GET", redPath, "", secret, "If-None-Match", `"1"`); w.Code != 304 {
				t.Error(w.Code)
			}
		})
	}
	t.Run("a box that the extract alone has is shown as to anybody", func(t *testing.T) {
		w := write(s, "GET", "/v1/mailboxes/zelie.exemple@medecin.formation.mssante.fr", "", "op")
		if w.Code != 200 || strings.Contains(w.Body.String(), "state") {
			t.Error(w.Code, w.Body)
		}
	})
}

func TestBoxesWithoutARegistry(t *testing.T) {
	s := New(Options{Directory: newFake(), Tokens: someTokens{}})
	for _, what := range [][2]string{{"PUT", boxPath}, {"DELETE", boxPath}, {"PATCH", boxPath}, {"GET", boxPath + "/history"}, {"GET", "/v1/me/mailboxes"}, {"GET", "/v1/me/indicators"}, {"GET", "/v1/me/eligibility?rpps=99012345679"}, {"POST", "/v1/mailboxes/batch"}} {
		if w := write(s, what[0], what[1], "", "admin"); w.Code != 503 {
			t.Error(what, w.Code, w.Body)
		}
	}
}

func TestHandingOverStaff(t *testing.T) {
	s := boxServer(newRegistry())
	const path, body = "/v1/staff/899000000041", `{"family":"EXEMPLE","given":"Zoé","contact":"zoe@exemple.fr"}`
	for _, tt := range []struct {
		rule, path, body, secret string
		status                   int
	}{
		{"a registrar hands over staff", path, body, "registrar", 201},
		{"under a number that is none: no", "/v1/staff/x", body, "registrar", 400},
		{"without a contact address: no", path, `{"family":"EXEMPLE","given":"Zoé"}`, "registrar", 400},
		{"an operator does not", path, body, "op", 403},
		{"an administrator does not", path, body, "admin", 403},
		{"nobody unknown does", path, body, "", 401},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if w := write(s, "PUT", tt.path, tt.body, tt.secret); w.Code != tt.status {
				t.Error(w.Code, w.Body)
			}
		})
	}
}
