package main

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"annuaire/internal/config"
	"annuaire/internal/demoidp"
	"annuaire/internal/oidc"
)

// rule is the rule that a refusal names.
func rule(body string) string {
	var p struct{ Rule string }
	_ = json.Unmarshal([]byte(body), &p) // what is no problem breaks no rule
	return p.Rule
}

func TestProfessionalsOfARunningServer(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	ln, err := net.Listen("tcp", "127.0.0.1:0") // an address at which nobody answers yet
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	idp, err := demoidp.New("http://"+addr, func(string) (demoidp.Person, bool) { return demoidp.Person{}, true })
	if err != nil || ln.Close() != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(demoidp.Secret), 0o600); err != nil {
		t.Fatal(err)
	}
	p, write := serving(t, data, fmt.Sprintf("[[oidc]]\nname = \"psc\"\nissuer = %q\nclient_ids = [%q]\nask = \"introspection\"\nask_always = true\nclient_id = %q\nclient_secret_file = %q\n",
		idp.Issuer(), demoidp.Client, demoidp.Client, secret))
	defer p.stop(t)
	ask := func(raw string) (int, string) {
		code, body := fetch(t, http.DefaultClient, p.url+"/v1/tokens", raw) // not for professionals: 403 says that one is believed
		return code, rule(body)
	}
	token := func(id string) string {
		raw, err := idp.Token(id, nil)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	t.Run("issuer_unavailable: the service starts while the provider is away, and says so of its tokens alone", func(t *testing.T) {
		if code, r := ask(token("899700218896")); code != 503 || r != "issuer_unavailable" {
			t.Error(code, r)
		}
		p.wants(t, 200, "/v1/professionals?limit=1")
	})
	if ln, err = net.Listen("tcp", addr); err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: idp.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = srv.Serve(ln) }()
	defer srv.Close()
	t.Run("once it answers, its professionals are recognised, without a restart", func(t *testing.T) {
		late := time.Now().Add(deadline)
		for {
			code, r := ask(token("899700218896"))
			if code == 403 && r == "role_lacking" {
				break
			}
			if code != 503 || time.Now().After(late) {
				t.Fatal(code, r)
			}
			time.Sleep(100 * time.Millisecond) // as a client would: there is nothing here to wait on
		}
	})
	t.Run("identity_not_rpps: others get a refusal of their own", func(t *testing.T) {
		if code, r := ask(token("0123456789")); code != 401 || r != "identity_not_rpps" {
			t.Error(code, r)
		}
	})
	t.Run("token_unknown: a token of this directory is told apart by its mark, and no provider is asked", func(t *testing.T) {
		if code, r := ask("ann_wrong"); code != 401 || r != "token_unknown" {
			t.Error(code, r)
		}
	})
	t.Run("issuer_unknown: a provider that leaves the configuration is believed no longer", func(t *testing.T) {
		write("")
		p.hup(t)
		p.says(t, "taken up")
		if code, r := ask(token("899700218896")); code != 401 || r != "issuer_unknown" {
			t.Error(code, r)
		}
	})
	t.Run("what was refused is counted, by rule", func(t *testing.T) {
		if _, body := fetch(t, http.DefaultClient, p.url+"/metrics", ""); !strings.Contains(body, `annuaire_auth_refused_total{front="rest",rule="identity_not_rpps"} 1`) {
			t.Error(regexp.MustCompile(`annuaire_auth_refused.*`).FindAllString(body, -1))
		}
	})
	t.Run("no token and nobody's number is in the log", func(t *testing.T) {
		if s := p.text(); strings.Contains(s, "eyJ") || strings.Contains(s, "899700218896") {
			t.Error(s)
		}
	})
}

func TestCertificatesOfARunningServer(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	server := newPair(t, pkix.Name{CommonName: "localhost"})
	client := newPair(t, pkix.Name{CommonName: "client", OrganizationalUnit: []string{"1480000017"}})
	y := newPair(t, pkix.Name{CommonName: "mail.y.fr", Organization: []string{"Y"}})
	nobody := newPair(t, pkix.Name{CommonName: "nobody"})
	stranger := newPair(t, pkix.Name{CommonName: "stranger", OrganizationalUnit: []string{"1480000018"}})
	leaf, err := x509.ParseCertificate(y.tls.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(leaf.Raw)
	file := filepath.Join(t.TempDir(), "annuaire.toml")
	text := fmt.Sprintf("[tls]\nclient_ca = %q\ncert = %q\nkey = %q\n[[operators]]\nname = \"Y\"\ndomains = [\"y.mssante.fr\"]\ncertificates = [\"sha256:%s\"]\n", bundle(t, map[string]pair{"client": client, "y": y, "nobody": nobody}), server.cert, server.key, hex.EncodeToString(sum[:]))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "https://", nil, "serve", "--data", data, "--config", file, "--http", "", "--https", "127.0.0.1:0")
	defer p.stop(t)
	url := p.address(t, "https")
	as := func(t *testing.T, path string, certs ...tls.Certificate) (int, string) {
		t.Helper()
		c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: server.pool, Certificates: certs}}}
		defer c.CloseIdleConnections()
		code, body := fetch(t, c, url+path, "")
		return code, rule(body)
	}
	for name, tt := range map[string]struct {
		certs []tls.Certificate
		path  string
		code  int
		rule  string
	}{
		"nobody needs one to search":                         {nil, "/v1/professionals?limit=1", 200, ""},
		"without one an export is refused":                   {nil, "/v1/export/mailboxes", 401, "authentication_needed"},
		"a structure reads":                                  {[]tls.Certificate{client.tls}, "/v1/export/mailboxes", 200, ""},
		"an operator of the configuration reads":             {[]tls.Certificate{y.tls}, "/v1/export/mailboxes", 200, ""},
		"role_lacking: and is no administrator":              {[]tls.Certificate{y.tls}, "/v1/sync/runs", 403, "role_lacking"},
		"certificate_unknown: one that names nobody we know": {[]tls.Certificate{nobody.tls}, "/v1/professionals?limit=1", 401, "certificate_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			if code, r := as(t, tt.path, tt.certs...); code != tt.code || r != tt.rule {
				t.Error(code, r)
			}
		})
	}
	t.Run("one of an authority that is not ours is no handshake", func(t *testing.T) {
		c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: server.pool, GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &stranger.tls, nil }}}}
		defer c.CloseIdleConnections()
		if res, err := c.Get(url + "/v1/professionals?limit=1"); err == nil {
			res.Body.Close()
			t.Error(res.StatusCode)
		}
	})
	t.Run("domain_taken: a domain of its operator is nobody else's", func(t *testing.T) {
		res := must(t, []int{1}, "token", "new", "--data", data, "--name", "z", "--role", "operator", "--operator", "Z", "--domain", "y.mssante.fr")
		if !strings.Contains(res.err, "a domain has one operator") {
			t.Error(res.err)
		}
		if out := must(t, nil, "token", "new", "--data", data, "--name", "Y 2027", "--role", "operator", "--operator", "Y", "--json").out; !strings.Contains(out, `"operator":"Y"`) {
			t.Error(out)
		}
	})
}

func TestIssuersOfTheConfiguration(t *testing.T) {
	psc := issuerOf(config.OIDC{Preset: oidc.PresetPSC, ClientIDs: []string{"x"}})
	t.Run("a preset brings its address, its name and how to ask", func(t *testing.T) {
		if psc.URL != oidc.Presets[oidc.PresetPSC].URL || psc.Name != oidc.PresetPSC || psc.Ask != oidc.AskIntrospection || psc.Skew != 30*time.Second || psc.Clients[0] != "x" {
			t.Errorf("%+v", psc)
		}
	})
	t.Run("what the configuration says counts before it", func(t *testing.T) {
		i := issuerOf(config.OIDC{Preset: oidc.PresetPSC, Name: "n", Issuer: "https://a.fr/x", Ask: "never", Skew: "1m"})
		if i.URL != "https://a.fr/x" || i.Name != "n" || i.Ask != oidc.AskNever || i.Skew != time.Minute {
			t.Errorf("%+v", i)
		}
	})
	t.Run("without a preset nothing is asked, and the host is its name", func(t *testing.T) {
		if i := issuerOf(config.OIDC{Issuer: "https://a.fr/x"}); i.Ask != oidc.AskNever || i.Name != "a.fr" {
			t.Errorf("%+v", i)
		}
	})
	t.Run("every preset of the configuration is one", func(t *testing.T) {
		for name, p := range oidc.Presets {
			if cfg := (config.Config{OIDC: []config.OIDC{{Preset: name, ClientIDs: []string{"x"}, Ask: "never"}}}); !oidc.SafeURL(p.URL) || strings.Contains(fmt.Sprint(cfg.Validate()), "preset") {
				t.Error(name, cfg.Validate())
			}
		}
	})
}
