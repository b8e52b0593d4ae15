package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// pair is a self-signed certificate with its key, in files.
type pair struct {
	cert, key string
	pool      *x509.CertPool // that believes it
	tls       tls.Certificate
}

func newPair(t *testing.T, subject pkix.Name) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: subject, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := pair{filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), x509.NewCertPool(), tls.Certificate{}}
	for path, block := range map[string]*pem.Block{p.cert: {Type: "CERTIFICATE", Bytes: der}, p.key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if p.tls, err = tls.LoadX509KeyPair(p.cert, p.key); err != nil {
		t.Fatal(err)
	}
	p.pool.AddCert(p.tls.Leaf)
	return p
}

// env makes a server use it.
func (p pair) env() []string {
	return []string{"ANNUAIRE_TLS_CERT=" + p.cert, "ANNUAIRE_TLS_KEY=" + p.key}
}

// believing is how a client believes it.
func (p pair) believing() *tls.Config { return &tls.Config{RootCAs: p.pool, ServerName: "127.0.0.1"} }

// client asks over HTTP whoever has it, with certificates of its own if it has any.
func (p pair) client(t *testing.T, its ...tls.Certificate) *http.Client {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: p.pool, Certificates: its}}}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// bundle is a file of several certificates.
func bundle(t *testing.T, all map[string]pair) string {
	t.Helper()
	var text []byte
	for _, p := range all {
		b, err := os.ReadFile(p.cert)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, b...)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
