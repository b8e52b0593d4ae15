package main

import (
	"crypto/x509/pkix"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"annuaire/internal/control"
	"annuaire/internal/demoidp"
)

// contract is a training server with everything that DESIGN names, the people of the contract in it, and everybody of DESIGN 10 with what they prove it by.
type contract struct {
	*process
	data   string
	next   string // a folder that is its source: what is put there is synced when somebody asks
	mail   *postOffice
	who    map[string]somebody
	named  map[string]string                  // {name} in what is asked -> what stands for it
	stated map[string]map[string]operationDoc // the operations of /openapi.yaml
	done   map[string]bool                    // those that somebody has had a good answer of
	sent   map[string]map[string]bool         // the parameters, headers too, of these
}

// contractData loads both days. The second closes the gate, one of six people having left.
func contractData(t *testing.T) string {
	t.Helper()
	data := loaded(t, contractExtracts(t, t.TempDir(), 1))
	if res := typedWith(t, []string{"ANNUAIRE_SYNC_GATE_ALONE=1"}, "sync", "--data", data, "--from", contractExtracts(t, t.TempDir(), 2), "--yes"); res.code != 0 {
		t.Fatal(res)
	}
	return data
}

func newContract(t *testing.T) *contract {
	t.Helper()
	c := &contract{data: contractData(t), next: t.TempDir(), who: map[string]somebody{}, named: map[string]string{}, done: map[string]bool{}, sent: map[string]map[string]bool{}}
	server := newPair(t, pkix.Name{CommonName: "localhost"})
	certified := map[string]pair{"operator, by certificate": newPair(t, pkix.Name{CommonName: "mail.w.fr", Organization: []string{"W"}})}
	for name, number := range map[string]string{"structure": "1480000017", "structure, by SIRET": "326480001700015", "structure, by RPPS-rang": "499012345679001"} {
		certified[name] = newPair(t, pkix.Name{CommonName: name, OrganizationalUnit: []string{number}})
	}
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
	t.Cleanup(func() { _ = srv.Close() })
	relay, at := openPostOffice(t)
	c.mail = relay
	text := fmt.Sprintf("mode = \"training\"\n[sync]\ngate_alone = 1\n[listen]\nhttps = \"127.0.0.1:0\"\nldap = \"127.0.0.1:0\"\n[tls]\nclient_ca = %q\ncert = %q\nkey = %q\n[[oidc]]\nissuer = %q\nclient_ids = [%q]\n"+
		"[[operators]]\nname = \"W\"\ndomains = [\"w.formation.mssante.fr\"]\ncertificates = [\"subject:CN=mail.w.fr,O=W\"]\n"+
		"[alert]\nissuer = \"DGS\"\nfrom = \"alertes@dgs.formation.mssante.fr\"\npublic_url = \"https://annuaire.example\"\nseeds = [\"essai@dgs.formation.mssante.fr\"]\nrelays = [%q]\nsecurity = \"none\"\nred_list = true\n",
		bundle(t, certified), server.cert, server.key, idp.Issuer(), demoidp.Client, at)
	c.process, _ = serving(t, c.data, text, "ANNUAIRE_SYNC_SOURCES="+c.next, "ANNUAIRE_LIMITS_SEARCH_BUDGET=1m") // on a machine that has much else to do
	c.stated = contractOf(t, c.url)

	secure := c.address(t, "https")
	local := control.Client(filepath.Join(c.data, "control.sock"))
	t.Cleanup(local.CloseIdleConnections)
	c.who["anyone"] = somebody{client: http.DefaultClient, url: c.url}
	for name, its := range certified {
		c.who[name] = somebody{client: server.client(t, its.tls), url: secure}
	}
	c.who["local"] = somebody{client: local, url: "http://annuaire"}
	for name, args := range map[string][]string{
		"the author with another token": {"alert:approver", "--name", "author"},
		"reader":                        {"reader"}, "registrar": {"registrar"}, "author": {"alert:author"}, "approver": {"alert:approver"}, "addresses": {"alert:addresses"}, "admin": {"admin"},
		"operator":         {"operator", "--operator", "Y", "--domain", "y.formation.mssante.fr"},
		"another operator": {"operator", "--operator", "Z", "--domain", "z.formation.mssante.fr"},
	} {
		secret := must(t, nil, append([]string{"token", "new", "--data", c.data, "--name", name, "--role"}, args...)...).out
		c.who[name] = somebody{token: strings.TrimSpace(secret), client: http.DefaultClient, url: c.url}
	}
	for name, id := range map[string]string{"Zélie": zelie, "Anaïs": anais, "Noé": noe, "Zélie, by another claim": zelie} {
		raw, err := idp.Token(id, func(claims map[string]any) {
			if strings.HasSuffix(name, "claim") { // which counts before preferred_username
				claims["SubjectNameID"], claims["preferred_username"] = id, noe
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		c.who[name] = somebody{token: raw, client: http.DefaultClient, url: c.url}
	}
	return c
}

// ask sends "GET /v1/…" as somebody, a body and headers if there are any, and takes note of the operation that answered well. "If-Match" after
// the address has the tag of what is there sent with it, or of the address that follows; "Name: value" is a header.
func (c *contract) ask(t *testing.T, as, request, body string, headers ...string) response {
	t.Helper()
	for name, is := range c.named {
		request, body = strings.ReplaceAll(request, "{"+name+"}", is), strings.ReplaceAll(body, "{"+name+"}", is)
	}
	words := strings.Fields(request)
	method, path := words[0], words[1]
	for more := words[2:]; len(more) > 0; {
		name, value := more[0], path
		if more = more[1:]; len(more) > 0 && !strings.HasSuffix(more[0], ":") {
			value, more = more[0], more[1:]
		}
		if name == "If-Match" {
			value = c.ask(t, as, "GET "+value, "").header.Get("ETag")
		}
		headers = append(headers, strings.TrimSuffix(name, ":"), value)
	}
	who, known := c.who[as]
	r, err := http.NewRequestWithContext(t.Context(), method, who.url+path, strings.NewReader(body))
	if err != nil || !known {
		t.Fatal(as, request, err)
	}
	if who.token != "" {
		r.Header.Set("Authorization", "Bearer "+who.token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := who.client.Do(r)
	if err != nil {
		t.Fatal(as, request, err)
	}
	defer res.Body.Close()
	read := io.Reader(res.Body)
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") { // it has no end
		read = io.LimitReader(res.Body, 200)
	}
	b, err := io.ReadAll(read)
	if err != nil {
		t.Fatal(as, request, err)
	}
	if res.StatusCode < 400 {
		c.took(c.operation(method, r.URL.Path), r)
	}
	return response{res.StatusCode, res.Header, string(b)}
}

// took notes that an operation took a request, and with what.
func (c *contract) took(operation string, r *http.Request) {
	c.done[operation] = true
	if c.sent[operation] == nil {
		c.sent[operation] = map[string]bool{}
	}
	for name := range r.URL.Query() {
		c.sent[operation][name] = true
	}
	for name := range r.Header {
		c.sent[operation][name] = true
		if name == "Last-Event-Id" { // as Go writes it
			c.sent[operation]["Last-Event-ID"] = true
		}
	}
}

// operation is what /openapi.yaml calls a request, "GET /v1/professionals/{id}"; "" where it says nothing of it. Words go before braces.
func (c *contract) operation(method, path string) (found string) {
	fewest := len(path)
	for stated, item := range c.stated {
		pattern := "^" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(stated), `[^/]+`) + "$"
		if _, ok := item[method]; ok && strings.Count(stated, "{") < fewest && regexp.MustCompile(pattern).MatchString(path) {
			found, fewest = method+" "+stated, strings.Count(stated, "{")
		}
	}
	return found
}
