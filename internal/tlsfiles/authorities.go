package tlsfiles

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// ErrNoCertificate is of a file of authorities in which there is none.
var ErrNoCertificate = errors.New("no certificate in PEM in the file of authorities")

// Authorities returns those of a PEM file, and no others.
func Authorities(path string) (*x509.CertPool, error) { return with(x509.NewCertPool(), path) }

// Trusted returns the authorities of the system, and those of a PEM file beside them. nil, which stands for those of the system, where path is "".
func Trusted(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil { // a system without any: those of the file then
		pool = x509.NewCertPool()
	}
	return with(pool, path)
}

func with(pool *x509.CertPool, path string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("authorities: %w", err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, ErrNoCertificate
	}
	return pool, nil
}
