package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"annuaire/internal/control"
	"annuaire/internal/demoidp"
)

// operationDoc is what this test reads of an operation of the contract.
type operationDoc struct {
	Roles      []string `yaml:"x-roles"`
	Parameters []struct {
		Name, In string
		Example  any
	} `yaml:"parameters"`
	Body struct {
		Content map[string]struct {
			Example any `yaml:"example"`
		} `yaml:"content"`
	} `yaml:"requestBody"`
}

// contractOf is the contract as a server shows it.
func contractOf(t *testing.T, url string) map[string]map[string]operationDoc {
	t.Helper()
	code, text := fetch(t, http.DefaultClient, url+"/openapi.yaml", "")
	var doc struct {
		Paths map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || code != 200 {
		t.Fatal(code, err)
	}
	out := map[string]map[string]operationDoc{}
	for path, item := range doc.Paths {
		out[path] = map[string]operationDoc{}
		for method, node := range item {
			var op operationDoc
			if method == "parameters" || method == "summary" {
				continue
			}
			if err := node.Decode(&op); err != nil {
				t.Fatal(path, method, err)
			}
			out[path][strings.ToUpper(method)] = op
		}
	}
	return out
}

// somebody is a caller of a kind of DESIGN 10, with the means by which they prove it.
type somebody struct {
	kind   string
	words  []string // of x-roles, that they answer to
	token  string
	client *http.Client
	url    string
}

// TestMatrixOfARunningServer takes every operation of the contract, on a running server, as every kind of caller of DESIGN 10, with real tokens,
// certificates and identities. Two operators and two professionals: what is not theirs they get no success of.
func TestMatrixOfARunningServer(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	server, hospital := newPair(t, pkix.Name{CommonName: "localhost"}), newPair(t, pkix.Name{CommonName: "h", OrganizationalUnit: []string{"1480000017"}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	idp, err := demoidp.New("http://"+ln.Addr().String(), func(string) (demoidp.Person, bool) { return demoidp.Person{}, true })
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: idp.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = srv.Serve(ln) }()
	defer srv.Close()
	file := filepath.Join(t.TempDir(), "annuaire.toml")
	text := fmt.Sprintf("mode = \"training\"\n[tls]\nclient_ca = %q\ncert = %q\nkey = %q\n[[oidc]]\nissuer = %q\nclient_ids = [%q]\n", hospital.cert, server.cert, server.key, idp.Issuer(), demoidp.Client)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "https://", nil, "serve", "--data", data, "--config", file, "--http", "127.0.0.1:0", "--https", "127.0.0.1:0")
	defer p.stop(t)
	secure := regexp.MustCompile(`https://[0-9.:]+`).FindString(p.text())
	token := func(args ...string) string {
		return strings.TrimSpace(must(t, nil, append([]string{"token", "new", "--data", data, "--name", "matrix"}, args...)...).out)
	}
	identity := func(id string) string {
		raw, err := idp.Token(id, nil)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	byCertificate := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: server.pool, Certificates: []tls.Certificate{hospital.tls}}}}
	defer byCertificate.CloseIdleConnections()
	local := control.Client(filepath.Join(data, "control.sock"))
	defer local.CloseIdleConnections()
	callers := []somebody{
		{"anyone", []string{"anyone"}, "", http.DefaultClient, p.url},
		{"structure", []string{"anyone", "reader"}, "", byCertificate, secure},
		{"local", []string{"anyone", "reader", "admin"}, "", local, "http://annuaire"},
		{"professional", []string{"anyone", "professional"}, identity("899700218896"), http.DefaultClient, p.url},
		{"another professional", []string{"anyone", "professional"}, identity("899700218904"), http.DefaultClient, p.url},
		{"operator", []string{"anyone", "reader", "operator"}, token("--role", "operator", "--operator", "Y", "--domain", "y.formation.mssante.fr"), http.DefaultClient, p.url},
		{"another operator", []string{"anyone", "reader", "operator"}, token("--role", "operator", "--operator", "Z", "--domain", "z.formation.mssante.fr"), http.DefaultClient, p.url},
	}
	for _, role := range []string{"reader", "registrar", "alert:author", "alert:approver", "alert:addresses", "admin"} {
		callers = append(callers, somebody{role, []string{"anyone", "reader", role}, token("--role", role), http.DefaultClient, p.url})
	}
	tried := 0
	for path, item := range contractOf(t, p.url) {
		for method, op := range item {
			t.Run(method+" "+path, func(t *testing.T) {
				url, body := requestOf(path, op)
				for _, who := range callers {
					may := slices.ContainsFunc(op.Roles, func(r string) bool { return slices.Contains(who.words, r) })
					if may && method != http.MethodGet && !slices.Contains(op.Roles, "anyone") && !strings.HasPrefix(who.kind, "another") {
						continue // it would be done: starting syncs and ending tokens is for other tests
					}
					tried++
					code, rule := who.asks(t, method, url, body)
					switch {
					case !may && (who.kind == "anyone" && code != 401 || who.kind != "anyone" && (code != 403 || rule != "role_lacking")):
						t.Errorf("%s may not, and gets %d %s", who.kind, code, rule)
					case may && (code == 401 || rule == "role_lacking" || rule == "authentication_needed"):
						t.Errorf("%s may, and gets %d %s", who.kind, code, rule)
					case may && code < 300 && strings.HasPrefix(who.kind, "another") && strings.Contains(path, "{address}") && !slices.Contains(op.Roles, "anyone"):
						t.Errorf("%s gets %d for what is not theirs", who.kind, code)
					}
				}
			})
		}
	}
	if tried < 13*20 {
		t.Error("only", tried, "requests: is the contract read?")
	}
}

// requestOf makes a request of the examples of an operation; mailboxes are of the operator Y.
func requestOf(path string, op operationDoc) (url string, body []byte) {
	for _, p := range op.Parameters {
		if p.In != "path" {
			continue
		}
		v := fmt.Sprint(p.Example)
		if p.Name == "address" {
			v = "matrice@y.formation.mssante.fr"
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", v)
	}
	for _, c := range op.Body.Content {
		if c.Example != nil {
			body, _ = json.Marshal(c.Example) // examples are JSON already
		}
	}
	return path, body
}

// asks sends a request. Streams that do not end are left after their beginning.
func (s somebody) asks(t *testing.T, method, path string, body []byte) (code int, broken string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	res, err := s.client.Do(r)
	if err != nil {
		t.Fatal(s.kind, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		t.Fatal(s.kind, err)
	}
	return res.StatusCode, rule(string(b))
}
