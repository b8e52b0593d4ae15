package main

import (
	"crypto/tls"
	"crypto/x509/pkix"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// dial opens a connection to an LDAP front that the process said it has.
func (p *process) dial(t *testing.T, scheme string, config *tls.Config) *ldap.Conn {
	t.Helper()
	addr := p.address(t, scheme)
	c, err := ldap.DialURL(addr, ldap.DialWithTLSConfig(config))
	if err != nil {
		t.Fatal(addr, err)
	}
	t.Cleanup(func() { _ = c.Close() }) // a test may have closed it
	return c
}

// find asks for the addresses of mailboxes.
func find(t *testing.T, c *ldap.Conn, base, filter string) []string {
	t.Helper()
	res, err := c.SearchWithPaging(ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, []string{"mail"}, nil), 100)
	if err != nil {
		t.Fatal(filter, err)
	}
	var out []string
	for _, e := range res.Entries {
		out = append(out, e.GetAttributeValues("mail")...)
	}
	slices.Sort(out)
	return out
}

const mailboxes = "dc=mssante,dc=fr"

// mailboxesOverREST reads all addresses of published mailboxes.
func (p *process) mailboxesOverREST(t *testing.T) (out []string) {
	t.Helper()
	for next := "/v1/mailboxes?limit=200"; next != ""; {
		code, body := fetch(t, http.DefaultClient, p.url+next, "")
		var page struct {
			Items []struct{ Address string }
			Next  string
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil || code != 200 {
			t.Fatal(code, body)
		}
		for _, it := range page.Items {
			out = append(out, it.Address)
		}
		next = page.Next
	}
	slices.Sort(out)
	return out
}

func TestLDAPAndRESTShowTheSame(t *testing.T) {
	data := loaded(t, extracts(t, set{1100, 1, 0}))
	p := start(t, "ldap://", nil, "serve", "--data", data, "--http", "127.0.0.1:0", "--ldap", "127.0.0.1:0")
	defer p.stop(t)
	p.wants(t, 200, "/readyz")
	c := p.dial(t, "ldap", nil)
	same := func(t *testing.T) []string {
		t.Helper()
		all := find(t, c, mailboxes, "(mail=*)")
		if rest := p.mailboxesOverREST(t); !slices.Equal(rest, all) || len(all) < 100 {
			t.Fatalf("%d mailboxes over REST, %d over LDAP", len(rest), len(all))
		}
		return all
	}
	before := same(t)
	t.Run("a search by name finds the boxes of those whom REST finds", func(t *testing.T) {
		code, body := fetch(t, http.DefaultClient, p.url+"/v1/professionals?has_mailbox=true&limit=5&fields=family,given,mailboxes", "")
		var page struct {
			Items []struct {
				Family, Given string
				Mailboxes     []struct{ Address string }
			}
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil || code != 200 || len(page.Items) == 0 {
			t.Fatal(code, body)
		}
		for _, it := range page.Items {
			for _, filter := range []string{"(sn=" + ldap.EscapeFilter(it.Family) + ")", "(cn=*" + ldap.EscapeFilter(strings.ToLower(it.Family)) + "*)",
				"(cn=" + ldap.EscapeFilter(strings.TrimSpace(it.Family+" "+it.Given)) + ")"} {
				if got := find(t, c, mailboxes, filter); !slices.Contains(got, it.Mailboxes[0].Address) {
					t.Errorf("%s does not find %s", filter, it.Mailboxes[0].Address)
				}
			}
		}
	})
	t.Run("a sync shows in both at once", func(t *testing.T) {
		must(t, nil, "sync", "--data", data, "--from", extracts(t, set{1100, 1, 20}))
		if after := same(t); slices.Equal(before, after) {
			t.Error("a day without any change")
		}
	})
	t.Run("searches are counted, by their result", func(t *testing.T) {
		_, body := fetch(t, http.DefaultClient, p.url+"/metrics", "")
		for _, want := range []string{`annuaire_request_duration_seconds_count{front="ldap",operation="search",outcome="0"}`, "annuaire_ldap_connections 1"} {
			if !strings.Contains(body, want) {
				t.Error("no", want)
			}
		}
	})
	t.Run("what is asked is not in the log", func(t *testing.T) {
		find(t, c, mailboxes, "(sn=verysecretname)")
		if strings.Contains(p.text(), "verysecret") || strings.Contains(p.text(), "@") {
			t.Error(p.text())
		}
	})
}

func TestWhoReadsLDAP(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	server := newPair(t, pkix.Name{CommonName: "localhost"})
	client := newPair(t, pkix.Name{CommonName: "si.ch-mende.fr", OrganizationalUnit: []string{"1480000017"}})
	nobody := newPair(t, pkix.Name{CommonName: "nobody"})
	env := append(server.env(), "ANNUAIRE_LDAP_ANONYMOUS=false", "ANNUAIRE_TLS_CLIENT_CA="+client.cert)
	p := start(t, "ldaps://", env, "serve", "--data", data, "--http", "127.0.0.1:0", "--ldap", "127.0.0.1:0", "--ldaps", "127.0.0.1:0")
	defer p.stop(t)
	var made struct{ Secret string }
	if err := json.Unmarshal([]byte(must(t, nil, "token", "new", "--data", data, "--name", "mail", "--role", "reader", "--json").out), &made); err != nil {
		t.Fatal(err)
	}
	believe := &tls.Config{RootCAs: server.pool, ServerName: "127.0.0.1"}
	refused := func(t *testing.T, c *ldap.Conn) {
		t.Helper()
		_, err := c.Search(ldap.NewSearchRequest(mailboxes, ldap.ScopeWholeSubtree, 0, 1, 0, false, "(mail=*)", nil, nil))
		if !ldap.IsErrorAnyOf(err, ldap.LDAPResultInsufficientAccessRights, ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultStrongAuthRequired) {
			t.Error(err)
		}
	}
	t.Run("nobody without a token, where anonymous reading is turned off", func(t *testing.T) { refused(t, p.dial(t, "ldap", nil)) })
	t.Run("the holder of a token, over StartTLS", func(t *testing.T) {
		c := p.dial(t, "ldap", nil)
		if err := c.StartTLS(believe); err != nil {
			t.Fatal(err)
		}
		if err := c.Bind("cn=mail", made.Secret); err != nil {
			t.Fatal(err)
		}
		if n := len(find(t, c, mailboxes, "(mail=*)")); n == 0 {
			t.Error("nothing found")
		}
	})
	t.Run("not who has a wrong one", func(t *testing.T) {
		c := p.dial(t, "ldaps", believe)
		if err := c.Bind("cn=mail", "ann_wrong"); !ldap.IsErrorWithCode(err, ldap.LDAPResultInvalidCredentials) {
			t.Error(err)
		}
		refused(t, c)
	})
	t.Run("a structure, by its certificate", func(t *testing.T) {
		c := p.dial(t, "ldaps", &tls.Config{RootCAs: server.pool, ServerName: "127.0.0.1", Certificates: []tls.Certificate{client.tls}})
		if err := c.ExternalBind(); err != nil {
			t.Fatal(err)
		}
		if who, err := c.WhoAmI(nil); err != nil || !strings.Contains(who.AuthzID, "1480000017") {
			t.Error(who, err)
		}
		if n := len(find(t, c, mailboxes, "(mail=*)")); n == 0 {
			t.Error("nothing found")
		}
	})
	t.Run("not a certificate of somebody else", func(t *testing.T) {
		addr := p.address(t, "ldaps")
		c, err := ldap.DialURL(addr, ldap.DialWithTLSConfig(&tls.Config{RootCAs: server.pool, ServerName: "127.0.0.1", Certificates: []tls.Certificate{nobody.tls}}))
		if err == nil { // TLS 1.3 tells the client with the first answer
			err = c.ExternalBind()
			_ = c.Close()
		}
		if err == nil {
			t.Error("it is believed")
		}
	})
}

func TestSettingsOfLDAP(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	for rule, env := range map[string]string{
		"a base that is no distinguished name": "ANNUAIRE_LDAP_MAILBOX_BASE=nonsense",
		"no time without a message":            "ANNUAIRE_LDAP_IDLE=soon",
		"no entries at all":                    "ANNUAIRE_LDAP_ENTRIES=0",
		"authorities without a certificate":    "ANNUAIRE_TLS_CLIENT_CA=x.pem",
	} {
		t.Run(rule+" is bad configuration", func(t *testing.T) {
			if res := typedWith(t, []string{env}, "serve", "--data", data, "--http", "127.0.0.1:0", "--ldap", "127.0.0.1:0"); res.code != 2 {
				t.Error(res)
			}
		})
	}
	t.Run("another base is served", func(t *testing.T) {
		base := "dc=annuaire,dc=example"
		p := start(t, "ldap://", []string{"ANNUAIRE_LDAP_MAILBOX_BASE=" + base, "ANNUAIRE_LDAP_ENTRIES=3"}, "serve", "--data", data, "--http", "127.0.0.1:0", "--ldap", "127.0.0.1:0")
		defer p.stop(t)
		c := p.dial(t, "ldap", nil)
		if n := len(find(t, c, base, "(mail=*)")); n <= 3 {
			t.Error(n)
		}
		res, err := c.Search(ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, 0, 0, 0, false, "(mail=*)", nil, nil))
		if !ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) || len(res.Entries) != 3 {
			t.Error(err)
		}
	})
}
