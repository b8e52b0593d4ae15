package oidc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	coreos "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/sync/singleflight"
)

// provider is an issuer and what is known of it.
type provider struct {
	Issuer
	log       *slog.Logger
	now       func() time.Time
	base      *http.Transport
	transport *transport
	client    *http.Client
	answers   *cache
	asking    chan struct{} // one for each question under way
	flight    singleflight.Group

	mu    sync.Mutex
	doc   *discovered // nil: not yet
	tried time.Time   // when discovery was last tried
	err   error       // how it failed then
}

// discovered is what an issuer says of itself.
type discovered struct {
	keys          coreos.KeySet
	at            time.Time
	introspection string
	userinfo      string
}

// metadata is the part of discovery that is used (OpenID Connect Discovery 1.0, 3; RFC 8414, 2; RFC 8705, 5).
type metadata struct {
	JWKS          string `json:"jwks_uri"`
	Introspection string `json:"introspection_endpoint"`
	Userinfo      string `json:"userinfo_endpoint"`
	MTLS          struct {
		Introspection string `json:"introspection_endpoint"`
		Userinfo      string `json:"userinfo_endpoint"`
	} `json:"mtls_endpoint_aliases"`
}

func newProvider(i Issuer, log *slog.Logger, now func() time.Time) (*provider, error) {
	base, err := dialling(i)
	if err != nil {
		return nil, err
	}
	t := &transport{base: base, now: now}
	return &provider{Issuer: i, log: log, now: now, base: base, transport: t, answers: newCache(now), asking: make(chan struct{}, maxAsking),
		client: &http.Client{Transport: t, Timeout: askTimeout, CheckRedirect: func(*http.Request, []*http.Request) error {
			return fmt.Errorf("%w: a redirect", errAway) // a token is sent to nobody else
		}}}, nil
}

// discover returns what the issuer says of itself, asking it where need be; CodeUnavailable while it does not answer.
func (p *provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	doc, tried, err := p.doc, p.tried, p.err
	p.mu.Unlock()
	now := p.now()
	switch {
	case doc != nil && (now.Sub(doc.at) < rediscover || now.Sub(tried) < retryAfter):
		return doc, nil
	case doc == nil && err != nil && now.Sub(tried) < retryAfter:
		return nil, away(err)
	}
	got := p.flight.DoChan("discovery", func() (any, error) { return p.ask() })
	select {
	case <-ctx.Done():
		return nil, away(ctx.Err())
	case r := <-got:
		if r.Err == nil {
			return r.Val.(*discovered), nil
		}
		if doc != nil { // what was known goes on being used
			return doc, nil
		}
		return nil, away(r.Err)
	}
}

// ask asks for the discovery.
func (p *provider) ask() (*discovered, error) {
	ctx := coreos.ClientContext(context.Background(), p.client) // not that of the request: others wait for the answer
	remote, err := coreos.NewProvider(ctx, p.URL)
	var m metadata
	if err == nil {
		err = remote.Claims(&m)
	}
	if err == nil && !SafeURL(m.JWKS) {
		err = errors.New("jwks_uri is neither over TLS nor on this machine")
	}
	if err != nil && len(err.Error()) > maxCause {
		err = errors.New(strings.ToValidUTF8(err.Error()[:maxCause], "") + "…")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tried, p.err = p.now(), err; err != nil {
		p.log.Warn("the identity provider could not be discovered", "issuer", p.Name, "error", err.Error())
		return nil, err
	}
	p.transport.keysAt(m.JWKS)
	introspection, userinfo := m.Introspection, m.Userinfo
	if p.CertFile != "" {
		introspection, userinfo = cmp.Or(m.MTLS.Introspection, introspection), cmp.Or(m.MTLS.Userinfo, userinfo)
	}
	p.doc = &discovered{keys: coreos.NewRemoteKeySet(ctx, m.JWKS), at: p.tried, introspection: cmp.Or(p.Introspection, introspection), userinfo: cmp.Or(p.Userinfo, userinfo)}
	p.log.Info("the identity provider was discovered", "issuer", p.Name)
	return p.doc, nil
}

// signed verifies the signature of a token and returns its claims.
func (p *provider) signed(ctx context.Context, raw string) (claims, error) {
	if err := ctx.Err(); err != nil { // nobody waits any more
		return nil, away(err)
	}
	doc, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	seen := &seenKeys{KeySet: doc.keys}
	// Issuer, audience and times are looked at by us, each with its own refusal.
	verifier := coreos.NewVerifier(p.URL, seen, &coreos.Config{SkipClientIDCheck: true, SkipExpiryCheck: true, SkipIssuerCheck: true, SupportedSigningAlgs: algorithms})
	if _, err = verifier.Verify(ctx, raw); err != nil {
		if seen.payload != nil && seen.err == nil { // signed, and yet the library cannot read it
			return nil, errMalformed
		}
		if errors.Is(seen.err, errAway) || errors.Is(seen.err, context.DeadlineExceeded) || errors.Is(seen.err, context.Canceled) {
			return nil, away(seen.err)
		}
		return nil, refused("signature_invalid", "la signature de ce jeton n'est pas celle de son émetteur", "the signature of this token is not that of its issuer", err)
	}
	c, ok := parseClaims(seen.payload)
	if !ok {
		return nil, errMalformed
	}
	return c, nil
}

// seenKeys remembers what became of a signature: the library words it, and we tell a wrong one from keys that could not be had.
type seenKeys struct {
	coreos.KeySet
	payload []byte
	err     error
}

// VerifySignature implements oidc.KeySet.
func (s *seenKeys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	s.payload, s.err = s.KeySet.VerifySignature(ctx, jwt)
	return s.payload, s.err
}

var errMalformed = refused("token_malformed", "ce jeton est illisible", "this token cannot be read", nil)
