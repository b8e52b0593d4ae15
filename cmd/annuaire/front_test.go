package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fetch sends a request with a token, "" for none.
func fetch(t *testing.T, client *http.Client, url, token string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestTokensOfARunningServer(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	p := start(t, "REST", nil, "serve", "--data", data, "--http", "127.0.0.1:0")
	defer p.stop(t)
	var made struct {
		Secret string
		Tokens []struct{ ID string }
	}
	if err := json.Unmarshal([]byte(must(t, nil, "token", "new", "--data", data, "--name", "test", "--role", "reader", "--json").out), &made); err != nil {
		t.Fatal(err)
	}
	export := p.url + "/v1/export/professionals?fields=id"
	t.Run("a new token is good at once", func(t *testing.T) {
		if code, body := fetch(t, http.DefaultClient, export, made.Secret); code != 200 || strings.Count(body, "\n") != 300 {
			t.Errorf("%d, %d lines", code, strings.Count(body, "\n"))
		}
	})
	t.Run("without one an export is refused", func(t *testing.T) {
		if code, _ := fetch(t, http.DefaultClient, export, ""); code != 401 {
			t.Error(code)
		}
	})
	t.Run("it is listed, without its secret", func(t *testing.T) {
		out := must(t, nil, "token", "list", "--data", data).out
		if !strings.Contains(out, made.Tokens[0].ID) || strings.Contains(out, made.Secret) || !strings.Contains(out, "good") {
			t.Error(out)
		}
	})
	t.Run("removal asks, and takes no answer for no", func(t *testing.T) {
		must(t, []int{1}, "token", "revoke", "--data", data, made.Tokens[0].ID)
		if code, _ := fetch(t, http.DefaultClient, export, made.Secret); code != 200 {
			t.Error(code)
		}
	})
	t.Run("a revoked token stops at the next request", func(t *testing.T) {
		must(t, nil, "token", "revoke", "--yes", "--data", data, made.Tokens[0].ID)
		if code, body := fetch(t, http.DefaultClient, export, made.Secret); code != 401 || !strings.Contains(body, "révoqué") {
			t.Error(code, body)
		}
	})
	t.Run("what is wrong with a token is said", func(t *testing.T) {
		for _, args := range [][]string{{"--role", "reader"}, {"--name", "x", "--role", "king"}, {"--name", "x", "--role", "operator"}, {"--name", "x", "--role", "reader", "--expires", "soon"}} {
			if res := must(t, []int{2}, append([]string{"token", "new", "--data", data}, args...)...); res.out != "" {
				t.Error(args, res.out)
			}
		}
	})
	t.Run("no token is in the log", func(t *testing.T) {
		if strings.Contains(p.text(), made.Secret) {
			t.Error("the secret was logged")
		}
	})
}

func TestLimitsOfARunningServer(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	p := start(t, "REST", []string{"ANNUAIRE_LIMITS_ANONYMOUS_RPS=1", "ANNUAIRE_LIMITS_ANONYMOUS_BURST=3"}, "serve", "--data", data, "--http", "127.0.0.1:0")
	defer p.stop(t)
	last := 0
	for range 5 {
		last, _ = fetch(t, http.DefaultClient, p.url+"/v1/professionals?limit=1", "")
	}
	if last != 429 {
		t.Error(last)
	}
}

func TestHTTPS(t *testing.T) {
	data, dir := loaded(t, extracts(t, set{300, 1, 0})), t.TempDir()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert, private := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, private: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	must(t, []int{2}, "serve", "--data", data, "--https", "127.0.0.1:0") // without a certificate
	p := start(t, "https://", []string{"ANNUAIRE_TLS_CERT=" + cert, "ANNUAIRE_TLS_KEY=" + private}, "serve", "--data", data, "--http", "", "--https", "127.0.0.1:0")
	defer p.stop(t)
	_, after, _ := strings.Cut(p.text(), "https://")
	addr, _, _ := strings.Cut(after, "/")
	pool := x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(parsed)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	if code, body := fetch(t, client, "https://"+addr+"/v1/professionals?limit=1", ""); code != 200 {
		t.Error(code, body)
	}
}
