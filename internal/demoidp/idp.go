// Package demoidp is an identity provider for demonstrations and tests: it vouches for whoever asks, without a password. It answers on the
// loopback address alone and says FORMATION in everything: discovery, keys, tokens, introspection and userinfo, in the shape of those of Pro Santé
// Connect.
package demoidp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Path is where the provider is under its address: that of the realm of Pro Santé Connect.
const Path = "/auth/realms/formation"

// Who clients are, here.
const (
	Client = "annuaire-formation"
	Secret = "formation"
)

// life is how long a token is good for; Pro Santé Connect gives a minute or two, which is short for who types.
const life = time.Hour

// Person is somebody whom the provider knows.
type Person struct {
	ID     string // IdNatPP
	Family string
	Given  string
}

// Provider signs in people. Safe for concurrent use.
type Provider struct {
	issuer string
	find   func(id string) (Person, bool)
	now    func() time.Time

	mu      sync.Mutex
	key     *jose.JSONWebKey
	revoked map[string]bool // jti
	serial  int
}

// New returns the provider at an address of this machine, "http://127.0.0.1:8081": it signs in whom find knows.
func New(address string, find func(id string) (Person, bool)) (*Provider, error) {
	p := &Provider{issuer: address + Path, find: find, now: time.Now, revoked: map[string]bool{}}
	return p, p.Rotate()
}

// Listen listens on an address, which must be of this machine alone: tokens are given without a password.
func Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, errors.New("the identity provider of the demo gives tokens without a password: it answers on 127.0.0.1 alone")
	}
	return net.Listen("tcp", address)
}

// Issuer is what tokens have in iss.
func (p *Provider) Issuer() string { return p.issuer }

// Rotate signs with a new key from now on, and forgets the old one.
func (p *Provider) Rotate() error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.serial++
	p.key = &jose.JSONWebKey{Key: private, KeyID: fmt.Sprintf("formation-%d", p.serial), Algorithm: string(jose.ES256), Use: "sig"}
	return nil
}

// Token signs in a person of an IdNatPP, known or not. edit may change the claims before they are signed; nil does not.
func (p *Provider) Token(id string, edit func(claims map[string]any)) (string, error) {
	random := make([]byte, 12)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	now := p.now()
	claims := map[string]any{"iss": p.issuer, "sub": "f:formation:" + id, "typ": "Bearer", "azp": Client, "aud": "account", "scope": "openid scope_all",
		"iat": now.Unix(), "exp": now.Add(life).Unix(), "auth_time": now.Unix(), "jti": base64.RawURLEncoding.EncodeToString(random),
		"acr": "eidas1", "preferred_username": id, "environment": "FORMATION"}
	if edit != nil {
		edit(claims)
	}
	return p.Sign(claims)
}

// Sign signs any claims.
func (p *Provider) Sign(claims map[string]any) (string, error) {
	p.mu.Lock()
	key := p.key
	p.mu.Unlock()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(body)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// Revoke withdraws a token: introspection says so from now on.
func (p *Provider) Revoke(raw string) {
	if c, ok := p.verified(raw); ok {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.revoked[text(c, "jti")] = true
	}
}

// verified returns the claims of a token that this provider gave and has not withdrawn.
func (p *Provider) verified(raw string) (map[string]any, bool) {
	signed, err := jose.ParseSigned(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	body, err := signed.Verify(p.key.Public())
	var c map[string]any
	if err != nil || json.Unmarshal(body, &c) != nil {
		return nil, false
	}
	exp, _ := c["exp"].(float64)
	return c, !p.revoked[text(c, "jti")] && p.now().Before(time.Unix(int64(exp), 0))
}

func text(c map[string]any, name string) string {
	s, _ := c[name].(string)
	return s
}

func send(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Annuaire-Mode", "FORMATION")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that left
}
