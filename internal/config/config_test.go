package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"annuaire"
)

func file(t *testing.T, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "annuaire.toml")
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLoad(t *testing.T) {
	t.Run("the environment wins over the file, the file over the defaults", func(t *testing.T) {
		c, err := Load(file(t, "mode = \"training\"\n[listen]\nhttp = \":1\"\nldap = \":2\""), []string{"ANNUAIRE_LISTEN_HTTP=:3", "PATH=/bin"})
		if err != nil {
			t.Fatal(err)
		}
		if c.Mode != Training || c.Listen.HTTP != ":3" || c.Listen.LDAP != ":2" || c.Data != Default().Data {
			t.Fatalf("%+v", c)
		}
	})
	for name, tc := range map[string]struct{ text, env, want string }{
		"an unknown key is an error naming it":                  {"[listen]\nhtpp = \":1\"", "", "listen.htpp"},
		"an unknown variable is an error naming it":             {"", "ANNUAIRE_LISTEN_HTPP=x", "ANNUAIRE_LISTEN_HTPP"},
		"a file that is not TOML is an error saying where":      {"mode = ", "", "line 1"},
		"a value of the wrong type is an error naming the line": {"mode = 3", "", "line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(file(t, tc.text), []string{tc.env})
			if annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %v, want one that contains %q", err, tc.want)
			}
		})
	}
}

func TestEnvironmentOfEveryKind(t *testing.T) {
	c, err := Load("", []string{"ANNUAIRE_LIMITS_ANONYMOUS_RPS=7", "ANNUAIRE_HTTP_COMPRESSION=false", "ANNUAIRE_HTTP_TRUSTED_PROXIES=10.0.0.0/8, 192.0.2.0/24"})
	if err != nil || c.Limits.AnonymousRPS != 7 || c.HTTP.Compression || len(c.HTTP.TrustedProxies) != 2 {
		t.Fatalf("%+v %v", c, err)
	}
	for _, bad := range []string{"ANNUAIRE_LIMITS_ANONYMOUS_RPS=many", "ANNUAIRE_HTTP_COMPRESSION=perhaps"} {
		if _, err := Load("", []string{bad}); annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), "not a possible value") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestBadLimitsAndNetworks(t *testing.T) {
	c := Default()
	c.HTTP.TrustedProxies = []string{"10.0.0.1"}
	c.Listen.HTTPS, c.TLS.Cert = ":8443", "cert.pem"
	c.Limits.SearchBudget, c.Limits.Exports, c.Limits.ReaderRPS = "never", 0, -1
	c.HTTP.CORSOrigins = []string{"*", "https://app.example", "app.example"}
	err := c.Validate()
	for _, want := range []string{"http.trusted_proxies:", "tls: cert and key", "limits.search_budget:", "limits.exports:", "limits.reader_rps:", `http.cors_origins: * or an origin such as https://app.example (got "app.example")`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not mention %s", err, want)
		}
	}
}

func TestValidateTellsEveryProblem(t *testing.T) {
	c := Default()
	c.Mode, c.Data, c.Listen.LDAP = "demo", "", "nowhere"
	err := c.Validate()
	for _, want := range []string{"mode:", "data:", "listen.ldap:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("%v does not mention %s", err, want)
		}
	}
	if err := Default().Validate(); err != nil {
		t.Fatal(err)
	}
}

func TestDumpIsAFileThatLoadsBack(t *testing.T) {
	c := Default()
	c.Mode, c.Listen.LDAPS = Training, "127.0.0.1:636"
	text, err := c.Dump()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Load(file(t, text), nil)
	if err != nil || !reflect.DeepEqual(back, c) {
		t.Fatalf("%v: %+v", err, back)
	}
}
