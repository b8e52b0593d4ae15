package demoidp

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestProvider(t *testing.T) {
	p, err := New("http://127.0.0.1:1", func(id string) (Person, bool) { return Person{id, "EXEMPLE", "Zélie"}, id == "899012345679" })
	if err != nil {
		t.Fatal(err)
	}
	h := p.Handler()
	ask := func(method, path string, form url.Values, edit ...string) (int, map[string]any) {
		r := httptest.NewRequest(method, Path+path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i+1 < len(edit); i += 2 {
			if edit[i] == "basic" {
				r.SetBasicAuth(Client, edit[i+1])
			} else {
				r.Header.Set(edit[i], edit[i+1])
			}
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var out map[string]any
		_ = json.Unmarshal(w.Body.Bytes(), &out) // what is no JSON is nothing
		if w.Header().Get("X-Annuaire-Mode") != "FORMATION" && w.Code < 404 {
			t.Error(path, "does not say FORMATION")
		}
		return w.Code, out
	}
	_, got := ask("POST", "/token", url.Values{"username": {"899012345679"}})
	raw, _ := got["access_token"].(string)
	t.Run("somebody of the directory gets a token, by IdNatPP or RPPS", func(t *testing.T) {
		if code, byRPPS := ask("POST", "/token", url.Values{"username": {"99012345679"}}); code != 200 || raw == "" || byRPPS["access_token"] == "" || got["formation"] != "FORMATION : Zélie EXEMPLE" {
			t.Error(code, got)
		}
	})
	t.Run("nobody else does", func(t *testing.T) {
		for _, id := range []string{"", "899000000001", "x"} {
			if code, out := ask("POST", "/token", url.Values{"username": {id}}); code != 400 || out["error"] != "invalid_grant" {
				t.Error(id, code, out)
			}
		}
	})
	t.Run("introspection says whose it is, to who knows the secret", func(t *testing.T) {
		if code, out := ask("POST", "/introspect", url.Values{"token": {raw}}, "basic", Secret); code != 200 || out["active"] != true || out["SubjectNameID"] != "899012345679" {
			t.Error(code, out)
		}
		if code, _ := ask("POST", "/introspect", url.Values{"token": {raw}}, "basic", "wrong"); code != 401 {
			t.Error(code)
		}
		if code, out := ask("POST", "/introspect", url.Values{"token": {"x"}}, "basic", Secret); code != 200 || out["active"] != false {
			t.Error(code, out)
		}
	})
	t.Run("userinfo names them", func(t *testing.T) {
		if code, out := ask("GET", "/userinfo", nil, "Authorization", "Bearer "+raw); code != 200 || out["family_name"] != "EXEMPLE" || out["SubjectNameID"] != "899012345679" {
			t.Error(code, out)
		}
		if code, _ := ask("GET", "/userinfo", nil, "Authorization", "Bearer x"); code != 401 {
			t.Error(code)
		}
	})
	t.Run("a token that was withdrawn is active no longer", func(t *testing.T) {
		p.Revoke(raw)
		if _, out := ask("POST", "/introspect", url.Values{"token": {raw}}, "basic", Secret); out["active"] != false {
			t.Error(out)
		}
	})
	t.Run("a form without end is cut", func(t *testing.T) {
		if code, _ := ask("POST", "/token", url.Values{"username": {strings.Repeat("8", 2*maxForm)}}); code != 400 {
			t.Error(code)
		}
	})
	t.Run("it listens on this machine alone", func(t *testing.T) {
		for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "localhost:0", "x"} {
			if ln, err := Listen(addr); err == nil {
				_ = ln.Close()
				t.Error(addr)
			}
		}
		ln, err := Listen("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = ln.Close()
	})
}
