package demoidp

import (
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// maxForm bounds what is sent here.
const maxForm = 16 << 10

// Handler answers for the provider.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path+"/.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET "+Path+"/certs", p.certs)
	mux.HandleFunc("POST "+Path+"/token", p.token)
	mux.HandleFunc("POST "+Path+"/introspect", p.introspect)
	mux.HandleFunc("GET "+Path+"/userinfo", p.userinfo)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		mux.ServeHTTP(w, r)
	})
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	send(w, http.StatusOK, map[string]any{"issuer": p.issuer, "jwks_uri": p.issuer + "/certs", "token_endpoint": p.issuer + "/token",
		"authorization_endpoint": p.issuer + "/token", "introspection_endpoint": p.issuer + "/introspect", "userinfo_endpoint": p.issuer + "/userinfo",
		"grant_types_supported": []string{"password"}, "response_types_supported": []string{"token"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"ES256"}, "acr_values_supported": []string{"eidas1"}, "service_documentation": "FORMATION"})
}

func (p *Provider) certs(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	public := p.key.Public()
	p.mu.Unlock()
	send(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public}})
}

// token signs in whom the form names: username is an RPPS or an IdNatPP. There is no password: everyone in a demonstration is made up.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	id := r.PostFormValue("username")
	if len(id) == 11 {
		id = "8" + id
	}
	who, ok := p.find(id)
	if !ok {
		send(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant",
			"error_description": "FORMATION : personne de ce numéro dans l'annuaire de démonstration / nobody of that number in the directory of the demo"})
		return
	}
	raw, err := p.Token(id, nil)
	if err != nil {
		send(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
		return
	}
	send(w, http.StatusOK, map[string]any{"access_token": raw, "token_type": "Bearer", "expires_in": int(life.Seconds()), "scope": "openid scope_all",
		"formation": "FORMATION : " + who.Given + " " + who.Family})
}

func (p *Provider) introspect(w http.ResponseWriter, r *http.Request) {
	if client, secret, ok := r.BasicAuth(); !ok || client != Client || secret != Secret {
		w.Header().Set("WWW-Authenticate", "Basic")
		send(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	c, ok := p.verified(r.PostFormValue("token"))
	if !ok {
		send(w, http.StatusOK, map[string]bool{"active": false})
		return
	}
	c["active"], c["client_id"], c["SubjectNameID"], c["amr"] = true, c["azp"], identity(c), []string{"FORMATION"}
	send(w, http.StatusOK, c)
}

func (p *Provider) userinfo(w http.ResponseWriter, r *http.Request) {
	scheme, raw, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	c, ok := p.verified(raw)
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		send(w, http.StatusUnauthorized, map[string]string{"error": "invalid_token"})
		return
	}
	out := map[string]any{"sub": c["sub"], "SubjectNameID": identity(c), "preferred_username": identity(c), "environment": "FORMATION"}
	if who, ok := p.find(identity(c)); ok {
		out["family_name"], out["given_name"] = who.Family, who.Given
	}
	send(w, http.StatusOK, out)
}

// identity is whose a token is, from its subject: tokens of tests may lack preferred_username.
func identity(c map[string]any) string { return strings.TrimPrefix(text(c, "sub"), "f:formation:") }
