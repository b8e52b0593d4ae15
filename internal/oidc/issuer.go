// Package oidc recognises professionals by the access tokens of identity providers (OpenID Connect), Pro Santé Connect first of all. A token
// is believed when an issuer of the configuration signed it, for us, now; who it is of may have to be asked of that issuer. Nothing is asked
// of a provider before a token of it comes, so that the service starts while one is away.
package oidc

import (
	"net"
	"net/url"
	"slices"
	"time"
)

// Issuer is an identity provider that is believed.
type Issuer struct {
	Name string // of the configuration: in the audit and in logs
	URL  string // what its tokens have in iss, character by character; its discovery is under it (OpenID Connect Discovery 1.0, 4)

	Audiences []string // a token is for us when its aud has one of them,
	Clients   []string // or its azp or client_id is one of them: access tokens of Keycloak name the client there and nothing of use in aud

	Claims []string      // where the identity is; the first there counts; none is DefaultClaims
	ACR    []string      // levels that are enough; none is any
	Skew   time.Duration // that clocks may differ by

	Ask           Ask    // what to ask about a token that lacks the identity
	Always        bool   // ask about every token: one that its issuer has withdrawn stops within CacheFor
	Introspection string // address; "" is that of discovery
	Userinfo      string // the same
	ClientID      string // ours, at the introspection
	SecretFile    string // our secret there; "" is none, as where a certificate is shown
	CAFile        string // PEM: authorities trusted beside those of the system
	CertFile      string // PEM: our certificate and key, where the provider wants one (RFC 8705)
	KeyFile       string
}

// Ask is how the identity of a token is asked for.
type Ask string

// The ways.
const (
	AskNever         Ask = "never"
	AskIntrospection Ask = "introspection" // RFC 7662
	AskUserinfo      Ask = "userinfo"      // OpenID Connect Core 1.0, 5.3
)

// DefaultClaims are where Pro Santé Connect has the national identifier: SubjectNameID in the answer of its introspection and in userinfo,
// preferred_username in its tokens.
var DefaultClaims = []string{"SubjectNameID", "preferred_username"}

// modeClaims are where the means of authentication is: amr (RFC 8176), or a word of Pro Santé Connect. How the latter is spelt was not verified
// against a live token: both are read.
var modeClaims = []string{"amr", "authenticationMode", "AuthenticationMode", "authMode"}

// Limits.
const (
	CacheFor    = time.Minute      // an answer about a token is believed so long, never beyond its exp
	retryAfter  = 5 * time.Second  // between attempts at a discovery that failed
	refetchKeys = 10 * time.Second // a key that is new at the issuer is believed within this time, and forged tokens make no more questions than that
	rediscover  = 24 * time.Hour
	askTimeout  = 5 * time.Second // for one question to an issuer
	maxAnswer   = 1 << 20         // bytes of one answer of an issuer
	maxAsking   = 16              // questions to an issuer at a time
	maxCached   = 10_000          // answers kept
	maxToken    = 8 << 10         // bytes
	maxCause    = 300             // bytes of what a log says went wrong: the library repeats whole answers
)

// claims are where the identity is.
func (i Issuer) claims() []string {
	if len(i.Claims) == 0 {
		return DefaultClaims
	}
	return i.Claims
}

// forUs reports whether claims name us.
func (i Issuer) forUs(c claims) bool {
	has := func(list []string) func(string) bool {
		return func(s string) bool { return s != "" && slices.Contains(list, s) }
	}
	return slices.ContainsFunc(c.list("aud"), has(i.Audiences)) || slices.ContainsFunc([]string{c.text("azp"), c.text("client_id")}, has(i.Clients))
}

// SafeURL reports whether an address may be asked: over TLS, or on this machine.
func SafeURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && ip != nil && ip.IsLoopback()
}
