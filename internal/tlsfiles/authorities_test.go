package tlsfiles

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestAuthorities(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "hospital.example", time.Now())
	file := filepath.Join(dir, "cert.pem")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(b)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func(string) (*x509.CertPool, error){"those of a file": Authorities, "those of the system and of a file": Trusted} {
		t.Run(name+" are believed", func(t *testing.T) {
			pool, err := read(file)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := cert.Verify(x509.VerifyOptions{Roots: pool, DNSName: "hospital.example"}); err != nil {
				t.Error(err)
			}
		})
		t.Run(name+": a file that is missing, or holds no certificate, is an error", func(t *testing.T) {
			if _, err := read(filepath.Join(dir, "missing.pem")); !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			if _, err := read(filepath.Join(dir, "key.pem")); !errors.Is(err, ErrNoCertificate) {
				t.Error(err)
			}
		})
	}
	t.Run("without a file, those of the system alone: nil stands for them", func(t *testing.T) {
		if pool, err := Trusted(""); pool != nil || err != nil {
			t.Error(pool, err)
		}
	})
}
