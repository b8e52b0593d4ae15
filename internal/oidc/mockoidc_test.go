package oidc

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/oauth2-proxy/mockoidc"
)

// TestAnotherProvider signs in at a provider that is not ours, by the code that browsers use, and shows us the access token.
func TestAnotherProvider(t *testing.T) {
	m, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.Shutdown(); err != nil {
			t.Error(err)
		}
	}()
	m.QueueUser(&mockoidc.MockUser{Subject: "s", PreferredUsername: anna})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(m.AuthorizationEndpoint() + "?" + url.Values{"client_id": {m.ClientID}, "response_type": {"code"}, "scope": {"openid profile"}, "state": {"s"}, "redirect_uri": {"http://127.0.0.1:1/"}}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	back, err := res.Location()
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.PostForm(m.TokenEndpoint(), url.Values{"client_id": {m.ClientID}, "client_secret": {m.ClientSecret}, "grant_type": {"authorization_code"}, "code": {back.Query().Get("code")}})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	var tokens struct {
		Access string `json:"access_token"`
	}
	if err := json.NewDecoder(got.Body).Decode(&tokens); err != nil || tokens.Access == "" {
		t.Fatal(err)
	}
	set, err := New([]Issuer{{Name: "mock", URL: m.Issuer(), Audiences: []string{m.ClientID}, Ask: AskUserinfo}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	t.Run("its token lacks the identity, and userinfo has it", func(t *testing.T) {
		who, err := set.Identify(t.Context(), tokens.Access)
		if err != nil || who.Professional != anna {
			t.Errorf("%+v %v", who, err)
		}
	})
	t.Run("its token is for its client alone", func(t *testing.T) {
		other, err := New([]Issuer{{Name: "mock", URL: m.Issuer(), Audiences: []string{"other"}}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		w := &world{t: t, set: other}
		w.wants(t, tokens.Access, "audience_mismatch")
	})
}
