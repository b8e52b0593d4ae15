package config

import (
	"strings"
	"testing"

	"annuaire"
)

func TestIdentityProviders(t *testing.T) {
	good := `[[oidc]]
preset = "pro-sante-connect"
client_ids = ["mon-service"]
client_id = "mon-service"
client_secret_file = "/etc/annuaire/psc.secret"
`
	with := func(line string) string { return good + line + "\n" }
	for rule, tt := range map[string]struct{ text, want string }{
		"a preset, a client and its secret are enough": {good, ""},
		"an issuer of one's own as well":               {"[[oidc]]\nissuer = \"https://auth.exemple.fr/realms/x\"\naudiences = [\"annuaire\"]\n", ""},
		"one on this machine needs no TLS":             {"[[oidc]]\nissuer = \"http://127.0.0.1:8081/x\"\naudiences = [\"annuaire\"]\n", ""},
		"neither preset nor issuer":                    {"[[oidc]]\naudiences = [\"x\"]\n", "oidc 1: issuer: needed"},
		"a preset that does not exist":                 {"[[oidc]]\npreset = \"psc\"\naudiences = [\"x\"]\n", "preset: one of"},
		"tokens for anybody":                           {"[[oidc]]\nissuer = \"https://a.fr\"\n", "audiences or client_ids: needed"},
		"an issuer without TLS":                        {"[[oidc]]\nissuer = \"http://auth.exemple.fr\"\naudiences = [\"x\"]\n", "issuer: an https address, or http on 127.0.0.1"},
		"a name that resolves to this machine is not":  {"[[oidc]]\nissuer = \"http://localhost:1\"\naudiences = [\"x\"]\n", "issuer: an https"},
		"clocks that differ by an hour":                {with(`skew = "1h"`), "skew: from 0s to 5m"},
		"a way to ask that does not exist":             {with(`ask = "phone"`), "ask: introspection, userinfo or never"},
		"introspection without a secret":               {"[[oidc]]\npreset = \"pro-sante-connect\"\nclient_ids = [\"x\"]\n", "client_id and client_secret_file"},
		"a preset that is not to be asked":             {"[[oidc]]\npreset = \"pro-sante-connect\"\nclient_ids = [\"x\"]\nask = \"never\"\n", ""},
		"a certificate without its key":                {with(`cert = "a.pem"`), "cert and key go together"},
		"an issuer there twice":                        {good + good, "oidc 2: the issuer is there twice"},
		"an empty word that anybody has":               {with(`audiences = [""]`), "no empty word"},
		"a key that does not exist":                    {with(`secret = "x"`), "oidc.secret"},
	} {
		t.Run(rule, func(t *testing.T) { loads(t, tt.text, tt.want) })
	}
}

func TestOperators(t *testing.T) {
	y := "[[operators]]\nname = \"Y\"\ndomains = [\"y.mssante.fr\", \"chu-é.mssante.fr\"]\n"
	tls := "[tls]\ncert = \"c\"\nkey = \"k\"\nclient_ca = \"ca\"\n"
	hex := strings.Repeat("0a", 32)
	for rule, tt := range map[string]struct{ text, want string }{
		"a name and its domains are enough":           {y, ""},
		"certificates by digest or subject":           {tls + y + "certificates = [\"sha256:" + hex + "\", \"subject:CN=y,O=Y,C=FR\"]\n", ""},
		"no name":                                     {"[[operators]]\ndomains = [\"y.fr\"]\n", "name: from 1 to 80"},
		"no domain":                                   {"[[operators]]\nname = \"Y\"\n", "domains: at least one"},
		"capitals in a domain":                        {"[[operators]]\nname = \"Y\"\ndomains = [\"Y.fr\"]\n", "a domain in lower case"},
		"an address instead of a domain":              {"[[operators]]\nname = \"Y\"\ndomains = [\"a@y.fr\"]\n", "a domain in lower case"},
		"one name twice":                              {y + "[[operators]]\nname = \"Y\"\ndomains = [\"z.fr\"]\n", `"Y" is there twice`},
		"one domain of two operators":                 {y + "[[operators]]\nname = \"Z\"\ndomains = [\"y.mssante.fr\"]\n", `operators 2: domains: y.mssante.fr belongs to "Y" already`},
		"one certificate of two operators":            {tls + y + "certificates = [\"sha256:" + hex + "\"]\n[[operators]]\nname = \"Z\"\ndomains = [\"z.fr\"]\ncertificates = [\"sha256:" + strings.ToUpper(hex) + "\"]\n", `is of "Y" already`},
		"a digest cut short":                          {tls + y + "certificates = [\"sha256:0a0b\"]\n", "certificates: sha256:HEX"},
		"certificates that nothing says how to check": {y + "certificates = [\"sha256:" + hex + "\"]\n", "need tls.client_ca"},
	} {
		t.Run(rule, func(t *testing.T) { loads(t, tt.text, tt.want) })
	}
	t.Run("they are of the file alone: a variable cannot hold a table", func(t *testing.T) {
		for _, v := range []string{"ANNUAIRE_OPERATORS=x", "ANNUAIRE_OIDC=x"} {
			if _, err := Load("", []string{v}); annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Error(v, err)
			}
		}
	})
}

func loads(t *testing.T, text, want string) {
	t.Helper()
	c, err := Load(file(t, text), nil)
	if err == nil {
		err = c.Validate()
	}
	if want == "" && err != nil || want != "" && (annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), want)) {
		t.Errorf("%v, want %q", err, want)
	}
}
