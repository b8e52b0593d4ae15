package tlsfiles

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// write makes a self-signed certificate of that name.
func write(t *testing.T, dir, name string, at time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour), DNSNames: []string{name}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), at)
	put(t, filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), at)
}

func put(t *testing.T, path string, b []byte, at time.Time) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// served is the name of the certificate that a client gets.
func served(t *testing.T, addr string) string {
	t.Helper()
	c, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true}) // the test looks at the name itself
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0].Subject.CommonName
}

func TestCertificates(t *testing.T) {
	dir, start := t.TempDir(), time.Now().Add(-time.Hour)
	write(t, dir, "one.example", start)
	var failures []error
	f, err := Open(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), func(err error) { failures = append(failures, err) })
	if err != nil {
		t.Fatal(err)
	}
	now := start
	f.now = func() time.Time { return now }
	ln, err := tls.Listen("tcp", "127.0.0.1:0", f.Config())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			_ = c.(*tls.Conn).Handshake() // what matters is what the client saw
			_ = c.Close()
		}
	}()
	defer func() { _ = ln.Close(); <-done }()
	addr := ln.Addr().String()
	if got := served(t, addr); got != "one.example" {
		t.Fatal(got)
	}
	t.Run("a new certificate is served without a restart", func(t *testing.T) {
		write(t, dir, "two.example", start.Add(time.Minute))
		now = now.Add(checkEvery)
		if got := served(t, addr); got != "two.example" {
			t.Error(got)
		}
	})
	t.Run("a bad one leaves the old one, and is told", func(t *testing.T) {
		put(t, filepath.Join(dir, "cert.pem"), []byte("nothing"), start.Add(2*time.Minute))
		now = now.Add(checkEvery)
		if got := served(t, addr); got != "two.example" || len(failures) != 1 {
			t.Error(got, failures)
		}
	})
	t.Run("asked to, it looks at once", func(t *testing.T) {
		write(t, dir, "three.example", start.Add(3*time.Minute))
		if err := f.Reload(); err != nil {
			t.Fatal(err)
		}
		if got := served(t, addr); got != "three.example" {
			t.Error(got)
		}
	})
	t.Run("old protocols are refused", func(t *testing.T) {
		if c, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
			c.Close()
			t.Error("TLS 1.1 was accepted")
		}
	})
	t.Run("files that are not there are an error from the start", func(t *testing.T) {
		if _, err := Open(filepath.Join(dir, "no.pem"), filepath.Join(dir, "key.pem"), nil); err == nil {
			t.Error("no error")
		}
	})
}
