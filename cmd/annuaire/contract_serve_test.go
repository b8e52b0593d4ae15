package main

import (
	"crypto/x509/pkix"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"annuaire/internal/cli"
)

// everyListener starts a server with every flag of DESIGN 7, and asks at each address.
func everyListener(t *testing.T) {
	data, pair := contractData(t), newPair(t, pkix.Name{CommonName: "localhost"})
	file := filepath.Join(t.TempDir(), "annuaire.toml")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	at := free(t)
	p := start(t, "ldaps://", pair.env(), "serve", "--data", data, "--config", file, "--http", at, "--https", "127.0.0.1:0", "--ldap", "127.0.0.1:0", "--ldaps", "127.0.0.1:0")
	defer p.stop(t)
	client := pair.client(t)
	for _, url := range []string{"http://" + at, p.address(t, "https")} {
		if code, body := fetch(t, client, url+"/v1/professionals/"+zelie, ""); code != http.StatusOK {
			t.Error(url, code, body)
		}
	}
	for _, scheme := range []string{"ldap", "ldaps"} {
		entry(t, p.dial(t, scheme, pair.believing()), "mail="+zelieBox+","+boxBase)
	}
	t.Run("healthcheck", func(t *testing.T) { must(t, nil, "healthcheck", "--http", at) })
	t.Run("healthcheck: of a server with TLS alone", func(t *testing.T) {
		secure := strings.TrimPrefix(p.address(t, "https"), "https://")
		if res := typedWith(t, pair.env(), "healthcheck", "--http", "", "--https", secure); res.code != 0 {
			t.Error(res)
		}
	})
	t.Run("healthcheck: of a server without HTTP there is none", func(t *testing.T) {
		must(t, []int{2}, "healthcheck", "--http", "")
	})
	t.Run("token: expiring", func(t *testing.T) {
		secret := strings.TrimSpace(must(t, nil, "token", "new", "--data", data, "--name", "x", "--role", "reader", "--expires", "1ms").out)
		if code, body := fetch(t, http.DefaultClient, p.url+"/v1/export/mailboxes", secret); code != 401 || rule(body) != "token_expired" {
			t.Error(code, body)
		}
	})
}

// precedence sets one setting in every place, and takes the places away one by one.
func precedence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "annuaire.toml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("data = \"of the file\"\n")
	for _, tt := range []struct {
		want string
		env  []string
		args []string
	}{
		{"data", nil, nil},
		{"of the file", nil, []string{"--config", file}},
		{"of the environment", []string{"ANNUAIRE_DATA=of the environment"}, []string{"--config", file}},
		{"of a flag", []string{"ANNUAIRE_DATA=of the environment"}, []string{"--config", file, "--data", "of a flag"}},
	} {
		if res := typedWith(t, tt.env, append([]string{"config", "dump"}, tt.args...)...); res.code != 0 || !strings.HasPrefix(res.out, "data = \""+tt.want+"\"\n") {
			t.Errorf("%s: %s%s", tt.want, res.out, res.err)
		}
	}
	t.Run("config dump is a file that sets what it says", func(t *testing.T) {
		dump := must(t, nil, "config", "dump", "--data", "elsewhere").out
		write(dump)
		must(t, nil, "config", "check", "--config", file)
		if again := must(t, nil, "config", "dump", "--config", file).out; again != dump {
			t.Error(again)
		}
	})
	t.Run("unknown key = error", func(t *testing.T) {
		write("dta = \"x\"\n")
		if res := must(t, []int{cli.ExitUsage}, "config", "check", "--config", file); !strings.Contains(res.err, "dta") {
			t.Error(res.err)
		}
	})
}

// taken sees to it that somebody listens at an address: whoever does already, or this test.
func taken(t *testing.T, addr string) {
	t.Helper()
	if ln, err := net.Listen("tcp", addr); err == nil {
		t.Cleanup(func() { _ = ln.Close() })
	}
}
