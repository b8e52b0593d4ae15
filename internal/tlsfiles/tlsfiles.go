// Package tlsfiles serves a certificate from files that may be replaced while the server runs: a new one is taken up within seconds,
// one that is bad leaves the old one in place.
package tlsfiles

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// checkEvery is how often the files are looked at.
const checkEvery = 10 * time.Second

// Files is a certificate and its key, as PEM. Safe for concurrent use.
type Files struct {
	cert, key string
	now       func() time.Time
	failed    func(error)

	mu     sync.Mutex
	pair   *tls.Certificate
	stamp  [2]time.Time
	looked time.Time
}

// Open reads the files; failed is told when a later version cannot be used.
func Open(cert, key string, failed func(error)) (*Files, error) {
	f := &Files{cert: cert, key: key, now: time.Now, failed: failed}
	stamp, err := f.stamps()
	if err != nil {
		return nil, err
	}
	return f, f.load(stamp)
}

func (f *Files) stamps() (out [2]time.Time, err error) {
	for i, path := range []string{f.cert, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return out, fmt.Errorf("certificate: %w", err)
		}
		out[i] = info.ModTime()
	}
	return out, nil
}

func (f *Files) load(stamp [2]time.Time) error {
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	f.pair, f.stamp = &pair, stamp
	return nil
}

// Reload takes up the files as they are now; the certificate in use stays when they are bad.
func (f *Files) Reload() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reload()
}

func (f *Files) reload() error {
	stamp, err := f.stamps()
	if err != nil || stamp == f.stamp {
		return err
	}
	return f.load(stamp)
}

func (f *Files) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.looked) >= checkEvery {
		f.looked = now
		if err := f.reload(); err != nil {
			f.failed(err)
		}
	}
	return f.pair, nil
}

// Config is what a listener uses: TLS 1.2 at least (RFC 9325, 3.1.1).
func (f *Files) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: f.certificate}
}
