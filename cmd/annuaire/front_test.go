package main

import (
	"crypto/tls"
	"crypto/x509/pkix"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
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

func TestHTTPS(t *testing.T) {
	data, pair := loaded(t, extracts(t, set{300, 1, 0})), newPair(t, pkix.Name{CommonName: "localhost"})
	must(t, []int{2}, "serve", "--data", data, "--https", "127.0.0.1:0") // without a certificate
	p := start(t, "https://", pair.env(), "serve", "--data", data, "--http", "", "--https", "127.0.0.1:0")
	defer p.stop(t)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pair.pool}}}
	defer client.CloseIdleConnections()
	if code, body := fetch(t, client, p.address(t, "https")+"/v1/professionals?limit=1", ""); code != 200 {
		t.Error(code, body)
	}
}
