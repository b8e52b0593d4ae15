package oidc

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"annuaire/internal/tlsfiles"
)

// errAway is that an issuer gave no answer that can be used.
var errAway = errors.New("no answer of use")

// transport asks an issuer: over TLS or on this machine, no answer beyond maxAnswer, and its keys no more often than every refetchKeys.
type transport struct {
	base http.RoundTripper
	now  func() time.Time

	mu   sync.Mutex
	keys string // address of the keys; "" before discovery
	last []byte // the keys, as they came last
	at   time.Time
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !SafeURL(r.URL.String()) {
		return nil, fmt.Errorf("%w: neither over TLS nor on this machine: %s", errAway, r.URL.Host)
	}
	t.mu.Lock()
	isKeys := t.keys != "" && r.URL.String() == t.keys
	kept := t.last
	fresh := isKeys && kept != nil && t.now().Sub(t.at) < refetchKeys
	t.mu.Unlock()
	if fresh {
		return answer(r, http.StatusOK, kept), nil
	}
	res, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errAway, err)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return nil, fmt.Errorf("%w: %w", errAway, err)
	}
	switch {
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("%w: more than %d bytes", errAway, maxAnswer)
	case isKeys && res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%w: keys: %s", errAway, res.Status)
	case isKeys:
		t.mu.Lock()
		t.last, t.at = body, t.now()
		t.mu.Unlock()
	}
	out := answer(r, res.StatusCode, body)
	out.Header = res.Header
	return out, nil
}

func answer(r *http.Request, status int, body []byte) *http.Response {
	return &http.Response{Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body))}
}

func (t *transport) keysAt(url string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keys = url
}

// dialling makes the connections of an issuer: its authorities and our certificate.
func dialling(i Issuer) (*http.Transport, error) {
	roots, err := tlsfiles.Trusted(i.CAFile)
	if err != nil {
		return nil, fmt.Errorf("oidc %s: ca_file: %w", i.Name, err)
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	if i.CertFile != "" {
		if _, err := tls.LoadX509KeyPair(i.CertFile, i.KeyFile); err != nil {
			return nil, fmt.Errorf("oidc %s: cert, key: %w", i.Name, err)
		}
		conf.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { // a renewed one counts at once
			pair, err := tls.LoadX509KeyPair(i.CertFile, i.KeyFile)
			return &pair, err
		}
	}
	return &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: conf, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute}, nil
}
