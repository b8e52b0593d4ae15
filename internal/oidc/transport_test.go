package oidc

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"annuaire/internal/demoidp"
)

// written puts PEM blocks into a file.
func written(t *testing.T, blocks ...*pem.Block) string {
	t.Helper()
	var text []byte
	for _, b := range blocks {
		text = append(text, pem.EncodeToMemory(b)...)
	}
	path := filepath.Join(t.TempDir(), "x.pem")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// ours is a client certificate that signs itself, and its files.
func ours(t *testing.T) (pool *x509.CertPool, cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "annuaire"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(leaf)
	return pool, written(t, &pem.Block{Type: "CERTIFICATE", Bytes: der}), written(t, &pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}

func TestProvidersOverTLS(t *testing.T) {
	pool, cert, key := ours(t)
	var idp *demoidp.Provider
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { idp.Handler().ServeHTTP(w, r) }))
	srv.TLS = &tls.Config{ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert}
	srv.StartTLS()
	defer srv.Close()
	idp, err := demoidp.New(srv.URL, func(string) (demoidp.Person, bool) { return demoidp.Person{}, true })
	if err != nil {
		t.Fatal(err)
	}
	ca := written(t, &pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	raw, err := idp.Token(anna, nil)
	if err != nil {
		t.Fatal(err)
	}
	base := Issuer{Name: "x", URL: idp.Issuer(), Clients: []string{demoidp.Client}, Ask: AskNever}
	for name, tt := range map[string]struct {
		edit func(*Issuer)
		rule string
	}{
		"one of a private authority, which wants our certificate, is believed": {func(i *Issuer) { i.CAFile, i.CertFile, i.KeyFile = ca, cert, key }, ""},
		"issuer_unavailable: not without the authority":                        {func(i *Issuer) { i.CertFile, i.KeyFile = cert, key }, "issuer_unavailable"},
		"issuer_unavailable: not without our certificate":                      {func(i *Issuer) { i.CAFile = ca }, "issuer_unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			i := base
			tt.edit(&i)
			set, err := New([]Issuer{i}, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer set.Close()
			(&world{t: t, set: set}).wants(t, raw, tt.rule)
		})
	}
	for name, edit := range map[string]func(*Issuer){
		"an authority that is not there is said at once":    func(i *Issuer) { i.CAFile = "/none" },
		"so is a file that holds none":                      func(i *Issuer) { i.CAFile = key },
		"and a certificate that does not belong to the key": func(i *Issuer) { i.CertFile, i.KeyFile = ca, key },
	} {
		t.Run(name, func(t *testing.T) {
			i := base
			edit(&i)
			if _, err := New([]Issuer{i}, nil, nil); err == nil || !strings.Contains(err.Error(), "oidc x:") {
				t.Error(err)
			}
		})
	}
}

func TestAnswersOfProvidersAreBounded(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"one that does not end": func(w http.ResponseWriter, _ *http.Request) {
			for range 3 * maxAnswer / 1024 {
				if _, err := w.Write(make([]byte, 1024)); err != nil {
					return
				}
			}
		},
		"one that leads elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
		},
		"an error that says much": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write([]byte(strings.Repeat("é", maxAnswer/4)))
		},
		"one that is no JSON": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"keys at an unsafe address": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"issuer":"http://` + r.Host + `","jwks_uri":"http://192.0.2.1/keys"}`))
		},
	} {
		t.Run("issuer_unavailable: "+name, func(t *testing.T) {
			srv := httptest.NewServer(handler)
			defer srv.Close()
			var log bytes.Buffer
			set, err := New([]Issuer{{Name: "x", URL: srv.URL, Clients: []string{"c"}}}, slog.New(slog.NewTextHandler(&log, nil)), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer set.Close()
			(&world{t: t, set: set}).wants(t, forged(`{"alg":"ES256"}`, `{"iss":"`+srv.URL+`"}`, unsigned), "issuer_unavailable")
			if log.Len() == 0 || log.Len() > 4*maxCause {
				t.Error("the log says ", log.Len(), " bytes of it")
			}
		})
	}
}
