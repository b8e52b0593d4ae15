package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"annuaire/internal/cli"
)

// formation is where a training instance speaks, and has to say FORMATION.
func (c *contract) formation(t *testing.T) {
	root := func(base string) string {
		res, err := c.dial(t, "ldap", nil).Search(ldap.NewSearchRequest(base, ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", []string{"vendorName", "description"}, nil))
		if err != nil {
			t.Fatal(err)
		}
		return res.Entries[0].GetAttributeValue("vendorName") + res.Entries[0].GetAttributeValue("description")
	}
	message := ""
	for _, l := range c.mail.byRecipient()[zelieNew] {
		message += l.whole
	}
	_, page := htmlPage(t, c.url+"/")
	for where, text := range map[string]string{"when it starts": c.text(), "/readyz": c.ask(t, "anyone", "GET /readyz", "").body, "/healthz": c.ask(t, "anyone", "GET /healthz", "").body, "the root of LDAP": root(""), "a base of LDAP": root(boxBase),
		"the page": page, "a message": message} {
		t.Run("training says FORMATION: "+where, func(t *testing.T) {
			if !strings.Contains(text, "FORMATION") {
				t.Error(text)
			}
		})
	}
	for key, text := range map[string]string{
		"alarm.mail_to": "[alarm]\nmail_to = [\"a@exemple.fr\"]\nmail_from = \"b@exemple.fr\"\nsmtp = \"127.0.0.1:25\"\n",
		"notify.sink":   "[notify]\nsmtp = \"127.0.0.1:25\"\nfrom = \"a@exemple.fr\"\nsink = \"b@exemple.fr\"\n",
		"alert.seeds":   "[alert]\nissuer = \"DGS\"\nfrom = \"a@dgs.formation.mssante.fr\"\nseeds = [\"b@dgs.mssante.fr\"]\nrelays = [\"127.0.0.1:25\"]\nsecurity = \"none\"\n",
	} {
		t.Run("training writes mail only to *.formation.mssante.fr: "+key, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "annuaire.toml")
			if err := os.WriteFile(file, []byte("mode = \"training\"\n"+text), 0o600); err != nil {
				t.Fatal(err)
			}
			if res := typed(t, "config", "check", "--config", file); res.code != cli.ExitUsage || !strings.Contains(res.err, key) {
				t.Error(res)
			}
		})
	}
	c.asks(t, []asking{{"training writes mail only to *.formation.mssante.fr: what is registered", "local", "PUT /v1/mailboxes/a@x.mssante.fr", newOrg, 400, []string{"rule = training_only"}}})
}

// TestContractInProduction holds what another configuration changes against DESIGN 9 and 10.
func TestContractInProduction(t *testing.T) {
	p, _ := serving(t, contractData(t), "[listen]\nldap = \"127.0.0.1:0\"\n[mailboxes]\nextra_domains = [\"x.formation.mssante.fr\", \"x.mssante.fr\"]\n[ldap]\nmailbox_base = \"ou=bal,dc=ch,dc=fr\"\npeople_base = \"o=annuaire\"\n")
	defer p.stop(t)
	c := &contract{process: p, who: map[string]somebody{"anyone": {client: http.DefaultClient, url: p.url}}, done: map[string]bool{}, sent: map[string]map[string]bool{}}
	t.Run("production says FORMATION nowhere", func(t *testing.T) {
		_, page := htmlPage(t, p.url+"/")
		if all := p.text() + c.ask(t, "anyone", "GET /readyz", "").body + page; strings.Contains(all, "FORMATION") {
			t.Error(all)
		}
	})
	secret := strings.TrimSpace(must(t, nil, "token", "new", "--data", dataOf(p), "--name", "x", "--role", "operator", "--domain", "x.formation.mssante.fr", "--domain", "x.mssante.fr").out)
	c.who["operator"] = somebody{token: secret, client: http.DefaultClient, url: p.url}
	c.asks(t, []asking{
		{"a production instance refuses to register *.formation.mssante.fr", "operator", "PUT /v1/mailboxes/a@x.formation.mssante.fr", newOrg, 400, []string{"rule = training_refused"}},
		{"a production instance registers others", "operator", "PUT /v1/mailboxes/a@x.mssante.fr", newOrg, 201, nil},
	})
	t.Run("two naming contexts, both configurable", func(t *testing.T) {
		l := p.dial(t, "ldap", nil)
		for _, dn := range []string{"mail=" + zelieBox + ",ou=bal,dc=ch,dc=fr", "uid=" + zelie + ",ou=professionnels,o=annuaire", "uid=F480000017,ou=structures,o=annuaire"} {
			entry(t, l, dn)
		}
		if _, err := l.Search(ldap.NewSearchRequest(boxBase, ldap.ScopeWholeSubtree, 0, 0, 0, false, "(mail=*)", nil, nil)); !ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) {
			t.Error(err)
		}
	})
}

// dataOf is the data directory that a server says it has.
func dataOf(p *process) string {
	return regexp.MustCompile(`data in ([^\s,]+)`).FindStringSubmatch(p.text())[1]
}

// TestLimitsOfARunningServer holds the limits against DESIGN 10: per address, in [limits], shared by REST and LDAP.
func TestLimitsOfARunningServer(t *testing.T) {
	data := contractData(t)
	t.Run("the defaults", func(t *testing.T) {
		dump := must(t, nil, "config", "dump").out
		for _, line := range []string{"anonymous_rps = 200", "anonymous_burst = 500", "anonymous_people_per_hour = 20000"} {
			if !strings.Contains(dump, "\n  "+line+"\n") {
				t.Error(line)
			}
		}
	})
	reader := strings.TrimSpace(must(t, nil, "token", "new", "--data", data, "--name", "x", "--role", "reader").out)
	for _, tt := range []struct {
		setting string
		free    int // questions of one person each, before the limit
	}{{"anonymous_burst = 3\nanonymous_rps = 1", 3}, {"anonymous_people_per_hour = 3", 3}} {
		t.Run(tt.setting, func(t *testing.T) {
			p, _ := serving(t, data, fmt.Sprintf("[listen]\nldap = \"127.0.0.1:0\"\n[limits]\n%s\n", tt.setting))
			defer p.stop(t)
			l := p.dial(t, "ldap", nil)
			ask := func() error {
				_, err := l.Search(ldap.NewSearchRequest(boxBase, ldap.ScopeWholeSubtree, 0, 0, 0, false, "(mail="+zelieBox+")", nil, nil))
				return err
			}
			if err := ask(); err != nil {
				t.Fatal("the first question is one too many", err)
			}
			question, asked := p.url+"/v1/professionals?family=exemple", 1
			for code := 0; code != http.StatusTooManyRequests && asked < 200; asked++ {
				code, _ = fetch(t, http.DefaultClient, question, "")
			}
			err := ask()
			for range 100 { // a second gives one back
				if err == nil {
					err = ask()
				}
			}
			if asked <= tt.free || asked == 200 || !ldap.IsErrorWithCode(err, ldap.LDAPResultBusy) {
				t.Errorf("question %d of both was too many, not one after %d; over LDAP: %v", asked, tt.free, err)
			}
			elsewhere := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).DialContext}}
			defer elsewhere.CloseIdleConnections()
			if code, _ := fetch(t, elsewhere, question, ""); code != 200 {
				t.Error("limits are not by address:", code)
			}
			if code, _ := fetch(t, http.DefaultClient, question, reader); code != 200 {
				t.Error("a reader has higher ones:", code)
			}
			if code, _ := fetch(t, http.DefaultClient, p.url+"/healthz", ""); code != 200 {
				t.Error("a health check is limited:", code)
			}
		})
	}
}
