package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/overlay"
	"annuaire/internal/registry"
	"annuaire/internal/store"
)

// personalTokens recognises "pro" with an IdNatPP and "op" with a domain beside the usual secrets.
type personalTokens struct{ someTokens }

func (t personalTokens) Authenticate(secret string) (annuaire.Caller, error) {
	switch kind, what, named := strings.Cut(secret, "-"); {
	case !named: // one of the usual
	case kind == "pro":
		return annuaire.Caller{ID: "pro:" + what, Roles: []annuaire.Role{annuaire.RoleProfessional}, Professional: what, Proof: "oidc"}, nil
	case kind == "op":
		return annuaire.Caller{ID: "op", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{what}}, nil
	}
	return t.someTokens.Authenticate(secret)
}

func bearer(secret string) []string { return []string{"Authorization", "Bearer " + secret} }

const (
	zelieID  = "899012345679"
	paulID   = "899000000011"
	zelieBox = "zelie@operateur.formation.mssante.fr"
	boxURL   = "/v1/mailboxes/" + zelieBox + "/delegations"
)

var asZelie, asPaul, asOperator, asOther = bearer("pro-" + zelieID), bearer("pro-" + paulID), bearer("op-operateur.formation.mssante.fr"), bearer("op-autre.formation.mssante.fr")

// withPersonal is a server of d with the real registry of delegations: Zélie holds a box that may be delegated, Paul is somebody to delegate it to.
func withPersonal(t testing.TB, s *Server, d *fakeDirectory) *Server {
	t.Helper()
	for id, family := range map[string]string{paulID: "SECOND", "899000000012": "TROISIÈME"} {
		d.people = append(d.people, annuaire.Item[annuaire.Professional]{Value: annuaire.Professional{ID: id, Family: family, Given: "Paul",
			Practices: []annuaire.Practice{{Profession: annuaire.Coded{Code: "99", Label: "Acteur du système de santé caractérisé par un rôle"}}}}})
	}
	l, err := store.OpenLedger(filepath.Join(t.TempDir(), "annuaire.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	delegable := true
	err = l.Update(func(tx *store.Tx) error {
		b := annuaire.Registered{Address: zelieBox, Kind: annuaire.KindPER, Holder: zelieID, Operator: "operateur.formation.mssante.fr", Delegable: &delegable, Created: extractTime, Version: 1}
		if err := overlay.Held.Put(tx, zelieID+"\x00"+zelieBox, struct{}{}); err != nil {
			return err
		}
		return overlay.Boxes.Put(tx, zelieBox, b)
	})
	if err != nil {
		t.Fatal(err)
	}
	o := s.opts
	o.Tokens = personalTokens{}
	o.Personal = registry.NewPersonal(l, d, nil, registry.PersonalOptions{Policy: func() registry.Policy { return registry.Policy{Terms: "1.0"} }, Now: func() time.Time { return extractTime }})
	return New(o)
}

// personalTalk is what the contract says of delegations and accounts, in the order in which it happens.
func personalTalk() []conversation {
	admin := bearer("admin")
	with := func(h []string, more ...string) []string { return append(append([]string{}, h...), more...) }
	return []conversation{
		{"GET", boxURL, "", nil, 401},
		{"GET", boxURL, "", bearer("reader"), 403},
		{"GET", boxURL, "", asZelie, 200},
		{"GET", boxURL, "", asOther, 404},
		{"PUT", boxURL + "/" + paulID, "", asZelie, 201},
		{"PUT", boxURL + "/" + paulID, "", asZelie, 409},
		{"PUT", boxURL + "/" + zelieID, "", asZelie, 400},
		{"PUT", boxURL + "/899000000012", "{}", asOperator, 403},
		{"PUT", boxURL + "/899000000012", `{"folder":"INBOX"}`, asZelie, 400},
		{"GET", boxURL + "/" + paulID, "", asOperator, 200},
		{"GET", boxURL + "/" + paulID[1:], "", asPaul, 200},
		{"GET", boxURL + "/899000000012", "", asZelie, 404},
		{"GET", boxURL + "/" + paulID + "/rights", "", asOperator, 200},
		{"GET", boxURL + "/" + paulID + "/rights", "", asOther, 404},
		{"GET", boxURL + "/" + paulID + "/rights", "", asZelie, 403},
		{"GET", boxURL + "/x/rights", "", asOperator, 400},
		{"GET", "/v1/me/account", "", asPaul, 200},
		{"PUT", "/v1/me/account", `{"contact":"paul@exemple.fr"}`, asPaul, 400},
		{"PUT", "/v1/me/account", `{"contact":"paul@exemple.fr","terms":"1.0","family":"X"}`, asPaul, 400},
		{"PUT", "/v1/me/account", `{"contact":"paul@exemple.fr","terms":"1.0","no_survey":true}`, asPaul, 201},
		{"PUT", "/v1/me/account", `{"contact":"paul@exemple.fr","no_newsletter":true}`, with(asPaul, "If-Match", `"1"`), 200},
		{"PUT", "/v1/me/account", `{"contact":"paul@exemple.fr"}`, with(asPaul, "If-Match", `"1"`), 412},
		{"GET", "/v1/me/account", "", asPaul, 200},
		{"GET", "/v1/me/account", "", asOperator, 403},
		{"GET", boxURL + "/" + paulID + "/rights", "", asOperator, 200},
		{"GET", "/v1/me/delegations", "", asPaul, 200},
		{"GET", "/v1/me/delegations?as=holder&limit=1", "", asZelie, 200},
		{"GET", "/v1/me/delegations?as=both", "", asZelie, 400},
		{"GET", "/v1/me/delegations?cursor=%2A", "", asZelie, 400},
		{"GET", "/v1/delegates?name=second&given=paul", "", asZelie, 200},
		{"GET", "/v1/delegates?name=second", "", asZelie, 400},
		{"GET", "/v1/delegates?id=" + paulID, "", nil, 401},
		{"GET", "/v1/persons/" + paulID + "/held?reason=demande", "", admin, 200},
		{"GET", "/v1/persons/" + paulID + "/held?reason=demande", "", asPaul, 403},
		{"DELETE", boxURL + "/" + paulID, "", asZelie, 412},
		{"DELETE", boxURL + "/" + paulID, "", with(asPaul, "If-Match", "*"), 403},
		{"DELETE", boxURL + "/" + paulID, "", with(asZelie, "If-Match", `"1"`), 204},
		{"DELETE", "/v1/persons/" + paulID + "/held?reason=demande", "", admin, 200},
	}
}

// exchange sends a request and reads the answer.
func exchange(t testing.TB, s http.Handler, method, url, body string, headers []string, into any) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatalf("%s %s: %d %s", method, url, w.Code, w.Body)
		}
	}
	return w
}

func personalServer(t testing.TB) *Server {
	t.Helper()
	d := newFake()
	return withPersonal(t, tokenServer(d, Limits{}), d)
}

func TestDelegationOverREST(t *testing.T) {
	s := personalServer(t)
	t.Run("adding answers the delegation, its place and its tag", func(t *testing.T) {
		var g struct {
			ID, Mailbox, State, ETag string
			Delegate, Holder         struct{ Family, RPPS string }
		}
		w := exchange(t, s, "PUT", boxURL+"/"+paulID[1:], "", asZelie, &g)
		if w.Code != 201 || w.Header().Get("ETag") != g.ETag || !strings.HasSuffix(w.Header().Get("Location"), "/delegations/"+paulID) || g.State != "pending" ||
			g.Delegate.Family != "SECOND" || g.Holder.RPPS != zelieID[1:] || w.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("%d %v %+v", w.Code, w.Header(), g)
		}
	})
	t.Run("an address with its sign escaped is the same", func(t *testing.T) {
		var out struct{ Items []any }
		if exchange(t, s, "GET", strings.Replace(boxURL, "@", "%40", 1), "", asOperator, &out); len(out.Items) != 1 {
			t.Errorf("%+v", out)
		}
	})
	t.Run("the answer to the operator is exactly this", func(t *testing.T) {
		if w := exchange(t, s, "PUT", "/v1/me/account", `{"contact":"paul@exemple.fr","terms":"1.0"}`, asPaul, nil); w.Code != 201 {
			t.Fatal(w.Body)
		}
		w := exchange(t, s, "GET", boxURL+"/"+paulID[1:]+"/rights", "", asOperator, nil)
		want := `{"scope":"whole","allow":["read","send_on_behalf","move","delete","folders"],"deny":["delegations","rules","absence","settings","address_book"],"channel":["webmail"]}`
		if got := strings.TrimSpace(w.Body.String()); w.Code != 200 || got != want {
			t.Errorf("%d %s", w.Code, got)
		}
	})
	t.Run("a refusal names its rule, and says it in the language of who asks", func(t *testing.T) {
		var p Problem
		w := exchange(t, s, "PUT", boxURL+"/"+paulID, "", append(append([]string{}, asZelie...), "Accept-Language", "en"), &p)
		if w.Code != 409 || p.Rule != "already_delegated" || !strings.Contains(p.Detail, "already delegated") {
			t.Errorf("%d %+v", w.Code, p)
		}
	})
	t.Run("another operator cannot tell the box from one that does not exist", func(t *testing.T) {
		for _, path := range []string{"", "/" + paulID, "/" + paulID + "/rights"} {
			var there, none Problem
			exchange(t, s, "GET", boxURL+path, "", asOther, &there)
			exchange(t, s, "GET", strings.Replace(boxURL, "zelie", "nobody", 1)+path, "", asOther, &none)
			if there.RequestID, none.RequestID = "", ""; there != none || there.Status != 404 {
				t.Errorf("%+v %+v", there, none)
			}
		}
	})
	t.Run("an unknown parameter is refused with the nearest", func(t *testing.T) {
		var p Problem
		if exchange(t, s, "GET", "/v1/delegates?nam=x&given=y", "", asZelie, &p); p.Status != 400 || p.Nearest != "name" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("nothing of it is public", func(t *testing.T) {
		for _, url := range []string{"/v1/professionals/" + paulID, "/v1/professionals?family=second", "/v1/mailboxes?kind=PER", "/v1/suggest?q=paul"} {
			if w := exchange(t, s, "GET", url, "", nil, nil); strings.Contains(w.Body.String(), "paul@exemple.fr") || strings.Contains(w.Body.String(), zelieBox) {
				t.Errorf("%s: %s", url, w.Body)
			}
		}
	})
	t.Run("a server without delegations says so", func(t *testing.T) {
		s := tokenServer(newFake(), Limits{})
		s.opts.Tokens = personalTokens{}
		if w := exchange(t, s, "GET", boxURL, "", asZelie, nil); w.Code != 503 {
			t.Error(w.Code)
		}
	})
}

func TestPagesOfMyDelegations(t *testing.T) {
	s := personalServer(t)
	for _, id := range []string{paulID, "899000000012"} {
		if w := exchange(t, s, "PUT", boxURL+"/"+id, "", asZelie, nil); w.Code != 201 {
			t.Fatal(w.Body)
		}
	}
	seen, next := "", "/v1/me/delegations?as=holder&limit=1"
	for n := 0; next != ""; n++ {
		var out struct {
			Items []struct{ ID string }
			Next  *string
		}
		if exchange(t, s, "GET", next, "", asZelie, &out); len(out.Items) != 1 || n > 2 {
			t.Fatalf("%d %+v", n, out)
		}
		seen += out.Items[0].ID + " "
		if next = ""; out.Next != nil {
			next = *out.Next
		}
	}
	if seen != fmt.Sprintf("%s 899000000012 ", paulID) {
		t.Error(seen)
	}
}

// Whatever is in a path is refused or not found, and never an error of ours.
func FuzzDelegationPath(f *testing.F) {
	for _, s := range []string{zelieBox, "a@b", "%40", "x%2fy", "..", "185057800608436@patient.mssante.fr", strings.Repeat("a", 400), "\x00", "é@ü.fr"} {
		f.Add(s, paulID)
	}
	s := personalServer(f)
	f.Fuzz(func(t *testing.T, address, id string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = "/v1/mailboxes/" + address + "/delegations/" + id + "/rights"
		r.Header.Set("Authorization", asOther[1])
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 400 && w.Code != 404 && w.Code != 405 {
			t.Fatalf("%q %q: %d %s", address, id, w.Code, w.Body)
		}
	})
}
