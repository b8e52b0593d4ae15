package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/internal/limits"
)

// asking counts what is asked of those who recognise.
type asking struct{ tokens, identities int }

func (a *asking) Authenticate(secret string) (annuaire.Caller, error) {
	a.tokens++
	return asKind{}.Authenticate(secret)
}

func (a *asking) Identify(ctx context.Context, token string) (annuaire.Caller, error) {
	a.identities++
	switch token {
	case "away.a.b":
		return annuaire.Caller{}, annuaire.Errorf(annuaire.CodeUnavailable, "", "x", "x", nil).Because("issuer_unavailable")
	case "bad.a.b", "unknown":
		return annuaire.Caller{}, annuaire.Errorf(annuaire.CodeUnauthorized, "", "x", "x", nil).Because("signature_invalid")
	}
	return asKind{}.Identify(ctx, token)
}

// whoServer answers who it takes the caller for.
func whoServer(o Options) *Server {
	o.Directory = newFake()
	s := New(o)
	s.echo.GET("/who", func(c echo.Context) error { return sendJSON(c, callerOf(c)) })
	s.may["GET /who"] = []annuaire.Role{anyone}
	return s
}

func whoIsIt(s http.Handler, address string, headers ...string) (annuaire.Caller, Problem, *httptest.ResponseRecorder) {
	r := httptest.NewRequest("GET", "/who", nil)
	r.RemoteAddr = address + ":1234"
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var who annuaire.Caller
	var p Problem
	_ = json.Unmarshal(w.Body.Bytes(), &who)
	_ = json.Unmarshal(w.Body.Bytes(), &p)
	return who, p, w
}

func TestCredentials(t *testing.T) {
	for name, tt := range map[string]struct {
		headers []string
		who     string
		status  int
		rule    string
	}{
		"nothing is anyone":                                         {nil, "", 200, ""},
		"an empty header is nothing":                                {[]string{""}, "", 200, ""},
		"a token is whose it is":                                    {[]string{"Bearer ann_admin"}, "admin", 200, ""},
		"the scheme is written in any case":                         {[]string{"bEARER  ann_admin"}, "admin", 200, ""},
		"a signed token is of a professional":                       {[]string{"Bearer a.b.c"}, "pro:899012345679", 200, ""},
		"an opaque one is asked for as well":                        {[]string{"Bearer opaque"}, "pro:899012345679", 200, ""},
		"scheme_refused: a password is no token":                    {[]string{"Basic eDp5"}, "", 401, "scheme_refused"},
		"token_unknown: a wrong token is refused":                   {[]string{"Bearer ann_x"}, "", 401, "token_unknown"},
		"signature_invalid: so is one that is not signed":           {[]string{"Bearer bad.a.b"}, "", 401, "signature_invalid"},
		"credential_malformed: two headers say nothing":             {[]string{"Bearer ann_admin", "Bearer ann_reader"}, "", 401, "credential_malformed"},
		"credential_malformed: nor does a list":                     {[]string{"Bearer ann_admin,ann_reader"}, "", 401, "credential_malformed"},
		"credential_malformed: nor a scheme alone":                  {[]string{"Bearer"}, "", 401, "credential_malformed"},
		"credential_malformed: nor two words":                       {[]string{"Bearer ann_admin x"}, "", 401, "credential_malformed"},
		"credential_malformed: nor what is too long":                {[]string{"Bearer a.b." + strings.Repeat("c", maxCredential)}, "", 401, "credential_malformed"},
		"issuer_unavailable: a provider that is away is no refusal": {[]string{"Bearer away.a.b"}, "", 503, "issuer_unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			a := &asking{}
			s := whoServer(Options{Tokens: a, Identities: a})
			var h []string
			for _, v := range tt.headers {
				h = append(h, "Authorization", v)
			}
			who, p, w := whoIsIt(s, "192.0.2.1", h...)
			if w.Code != tt.status || p.Rule != tt.rule || who.ID != tt.who {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if w.Code == 401 && !strings.Contains(w.Header().Get("WWW-Authenticate"), "invalid_token") {
				t.Error(w.Header())
			}
			if strings.Contains(w.Body.String(), "ann_admin") {
				t.Error("the answer repeats the secret")
			}
		})
	}
	t.Run("where no provider is believed, an access token is refused", func(t *testing.T) {
		if _, p, w := whoIsIt(whoServer(Options{}), "192.0.2.1", "Authorization", "Bearer a.b.c"); w.Code != 401 || p.Rule != "issuer_unknown" {
			t.Error(w.Code, p)
		}
	})
}

func TestClientCertificates(t *testing.T) {
	s := whoServer(Options{Certificates: asKind{}, Tokens: asKind{}})
	ask := func(chains [][]*x509.Certificate, auth string) annuaire.Caller {
		r := httptest.NewRequest("GET", "/who", nil)
		r.TLS = &tls.ConnectionState{VerifiedChains: chains, PeerCertificates: []*x509.Certificate{{}}}
		r.Header.Set("Authorization", auth)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		var who annuaire.Caller
		if err := json.Unmarshal(w.Body.Bytes(), &who); err != nil || w.Code != 200 {
			t.Error(w.Code, w.Body, err)
		}
		return who
	}
	verified := [][]*x509.Certificate{{{}}}
	t.Run("one of a verified chain says who is calling", func(t *testing.T) {
		if who := ask(verified, ""); who.ID != "structure 1480000017" || who.Proof != "certificate" {
			t.Error(who)
		}
	})
	t.Run("one that was not verified says nothing", func(t *testing.T) {
		if who := ask(nil, ""); !who.Anonymous() {
			t.Error(who)
		}
	})
	t.Run("a token says more than a certificate", func(t *testing.T) {
		if who := ask(verified, "Bearer ann_admin"); who.ID != "admin" {
			t.Error(who)
		}
	})
}

func TestWhereFrom(t *testing.T) {
	_, proxy, _ := net.ParseCIDR("10.0.0.0/8")
	for name, tt := range map[string]struct{ address, forwarded, want string }{
		"the address of the connection":                      {"192.0.2.7", "", "192.0.2.7"},
		"what a stranger forwards is not believed":           {"192.0.2.7", "203.0.113.9", "192.0.2.7"},
		"what a trusted proxy forwards is":                   {"10.1.2.3", "203.0.113.9", "203.0.113.9"},
		"a whole IPv6 address, although limits take the /64": {"[2001:db8::1]", "", "2001:db8::1"},
		"an IPv4 address in IPv6 is one":                     {"[::ffff:192.0.2.7]", "", "192.0.2.7"},
	} {
		t.Run(name, func(t *testing.T) {
			s := whoServer(Options{Proxies: []*net.IPNet{proxy}, Tokens: asKind{}})
			h := []string{"Authorization", "Bearer ann_admin"}
			if tt.forwarded != "" {
				h = append(h, "X-Forwarded-For", tt.forwarded)
			}
			if who, _, _ := whoIsIt(s, tt.address, h...); who.From != tt.want || who.Proof != "token" {
				t.Errorf("%+v", who)
			}
		})
	}
	t.Run("through the control socket it is local", func(t *testing.T) {
		if who, _, _ := whoIsIt(Local(whoServer(Options{})), "192.0.2.1"); who.From != "local" || who.Proof != "local" || !who.Has(annuaire.RoleAdmin) {
			t.Errorf("%+v", who)
		}
	})
	t.Run("through the control socket with a token it is the holder of the token, locally", func(t *testing.T) {
		s := Local(whoServer(Options{Tokens: asKind{}}))
		if who, _, _ := whoIsIt(s, "192.0.2.1", "Authorization", "Bearer ann_alert:author"); who.ID != "alert:author" || who.From != "local" || who.Has(annuaire.RoleAdmin) {
			t.Errorf("%+v", who)
		}
		if who, p, w := whoIsIt(s, "192.0.2.1", "Authorization", "Bearer ann_x"); w.Code != 401 || p.Rule != "token_unknown" {
			t.Errorf("a wrong one makes an administrator: %+v", who)
		}
	})
}

func TestGuessing(t *testing.T) {
	var told []limits.Refusal
	a := &asking{}
	l := limits.New(nil)
	s := whoServer(Options{Tokens: a, Identities: a, Limiter: l, Guard: limits.NewGuard(l, func(r limits.Refusal) { told = append(told, r) })})
	code := func(address, auth string) int {
		_, _, w := whoIsIt(s, address, "Authorization", auth)
		return w.Code
	}
	if code("192.0.2.1", "Bearer ann_reader") != 200 {
		t.Fatal("a good token")
	}
	for range limits.Guesses.Burst {
		if code("192.0.2.1", "Bearer ann_wrong") != 401 {
			t.Fatal("a wrong one")
		}
	}
	asked := a.tokens
	t.Run("an address that guessed too often is not even listened to", func(t *testing.T) {
		if code("192.0.2.1", "Bearer ann_admin") != 429 || a.tokens != asked {
			t.Error("a right guess is let in")
		}
	})
	t.Run("who was recognised there before goes on", func(t *testing.T) {
		if code("192.0.2.1", "Bearer ann_reader") != 200 {
			t.Error("shut out")
		}
	})
	t.Run("professionals behind that address go on, for their tokens are signed", func(t *testing.T) {
		if code("192.0.2.1", "Bearer a.b.c") != 200 {
			t.Error("shut out")
		}
	})
	t.Run("wrong signatures are counted as wrong tokens are", func(t *testing.T) {
		last := 0
		for range limits.Guesses.Burst + 1 {
			last = code("192.0.2.2", "Bearer bad.a.b")
		}
		if last != 429 {
			t.Error(last)
		}
		if code("192.0.2.2", "Bearer ann_admin") != 200 {
			t.Error("and hold up a token that nobody has guessed at")
		}
	})
	t.Run("each refusal is told, with its rule and from where", func(t *testing.T) {
		if len(told) < limits.Guesses.Burst || told[0] != (limits.Refusal{Front: "rest", Rule: "token_unknown", From: "192.0.2.1"}) {
			t.Error(told)
		}
	})
}

// FuzzAuthorization: whatever the header holds, it is nothing, one credential within its limit, or a refusal with its rule.
func FuzzAuthorization(f *testing.F) {
	for _, seed := range []string{"", "Bearer ann_abc", "Bearer a.b.c", "bearer\tx", "Basic eDp5", "Bearer  ", "Bearer é", "Bearer a,b", "Bearer \x00", "Negotiate YII="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		got, err := credentialOf([]string{header})
		if err != nil {
			if annuaire.CodeOf(err) != annuaire.CodeUnauthorized || annuaire.RuleOf(err) == "" || got != (credential{}) {
				t.Fatal(got, err)
			}
			return
		}
		if (got.secret == "") != (header == "") || len(got.secret) > maxCredential || !strings.Contains(header, got.secret) || strings.ContainsAny(got.secret, " ,\t\r\n") {
			t.Fatalf("%q: %+v", header, got)
		}
		if strings.HasPrefix(got.secret, tokenMark) != (got.kind == token && got.secret != "") {
			t.Fatalf("%q is told wrongly: %+v", header, got)
		}
	})
}
