package oidc

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"time"

	"annuaire"
)

// Set is the issuers that are believed. Safe for concurrent use.
type Set struct {
	providers []*provider
	now       func() time.Time
}

// New makes a Set. It asks nobody anything; an error is of a file that cannot be used.
func New(issuers []Issuer, log *slog.Logger, now func() time.Time) (*Set, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if now == nil {
		now = time.Now
	}
	s := &Set{now: now}
	for _, i := range issuers {
		p, err := newProvider(i, log, now)
		if err != nil {
			return nil, err
		}
		s.providers = append(s.providers, p)
	}
	return s, nil
}

// Close lets go of connections.
func (s *Set) Close() {
	for _, p := range s.providers {
		p.base.CloseIdleConnections()
	}
}

// algorithms are those that a signature may have: of a private key, of which we have the public one. None and HS256, whose key would be one
// that anybody has, are not among them (RFC 8725, 3.1).
var algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// Identify returns the professional of an access token. CodeUnauthorized names the rule that was broken; CodeUnavailable is an issuer that
// would have to be asked and does not answer.
func (s *Set) Identify(ctx context.Context, raw string) (annuaire.Caller, error) {
	if len(raw) > maxToken {
		return annuaire.Caller{}, errMalformed
	}
	if strings.Count(raw, ".") != 2 {
		return s.opaque(ctx, raw)
	}
	issuer, err := unverified(raw)
	if err != nil {
		return annuaire.Caller{}, err
	}
	at := slices.IndexFunc(s.providers, func(p *provider) bool { return p.URL == issuer })
	if at < 0 {
		return annuaire.Caller{}, refused("issuer_unknown", "l'émetteur de ce jeton n'est pas reconnu ici", "the issuer of this token is not recognised here", nil)
	}
	return s.providers[at].identify(ctx, raw)
}

// unverified reads of a token what says how to verify it: nothing of it is believed yet.
func unverified(raw string) (issuer string, err error) {
	parts := strings.Split(raw, ".")
	var header struct {
		Alg  string   `json:"alg"`
		Crit []string `json:"crit"`
	}
	var body struct {
		Iss string `json:"iss"`
	}
	for i, to := range []any{&header, &body} {
		b, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(b, to) != nil {
			return "", errMalformed
		}
	}
	if !slices.Contains(algorithms, header.Alg) {
		return "", refused("algorithm_refused", "ce jeton n'est pas signé par une clé privée : cet algorithme est refusé",
			"this token is not signed with a private key: its algorithm is refused", nil)
	}
	if len(header.Crit) > 0 || body.Iss == "" {
		return "", errMalformed
	}
	return body.Iss, nil
}

// identify verifies a signed token and says whose it is.
func (p *provider) identify(ctx context.Context, raw string) (annuaire.Caller, error) {
	c, err := p.signed(ctx, raw)
	if err != nil {
		return annuaire.Caller{}, err
	}
	if err := p.valid(c); err != nil {
		return annuaire.Caller{}, err
	}
	if p.Ask != AskNever && (p.Always || c.first(p.claims()) == "") {
		more, err := p.about(ctx, raw, c)
		if err != nil {
			return annuaire.Caller{}, err
		}
		c = more
	}
	return p.caller(c)
}

// opaque asks the issuers that can be asked whose a token is that says nothing by itself.
func (s *Set) opaque(ctx context.Context, raw string) (who annuaire.Caller, err error) {
	err = errMalformed
	for _, p := range s.providers {
		if p.Ask != AskIntrospection { // userinfo does not say for whom a token is: it could be one that another service was given
			continue
		}
		var c claims
		if c, err = p.about(ctx, raw, nil); err == nil {
			if err = p.valid(c); err == nil {
				return p.caller(c)
			}
		}
		if annuaire.CodeOf(err) != annuaire.CodeUnauthorized {
			return who, err
		}
	}
	return who, err
}

// valid looks at what a token says of itself: issuer, for whom, from when, until when, and that it is an access token.
func (p *provider) valid(c claims) error {
	now := p.now()
	exp, hasExp, ok1 := c.moment("exp")
	nbf, hasNbf, ok2 := c.moment("nbf")
	iat, hasIat, ok3 := c.moment("iat")
	switch typ := c.text("typ"); {
	case !ok1 || !ok2 || !ok3 || !hasExp:
		return errMalformed
	case c.text("iss") != "" && c.text("iss") != p.URL:
		return refused("issuer_unknown", "l'émetteur de ce jeton n'est pas reconnu ici", "the issuer of this token is not recognised here", nil)
	case typ != "" && !strings.EqualFold(typ, "Bearer") && !strings.EqualFold(typ, "at+jwt") && !strings.EqualFold(typ, "JWT"):
		return refused("not_an_access_token", "un jeton d'accès est attendu (access_token), ni jeton d'identité ni jeton de rafraîchissement",
			"an access token is expected (access_token), neither an ID token nor a refresh token", nil)
	case !p.forUs(c):
		return refused("audience_mismatch", "ce jeton n'est pas destiné à ce service", "this token is not for this service", nil)
	case !now.Before(exp.Add(p.Skew)):
		return refused("token_expired", "ce jeton a expiré ; demandez-en un autre", "this token has expired; ask for another one", nil)
	case hasNbf && now.Add(p.Skew).Before(nbf), hasIat && now.Add(p.Skew).Before(iat):
		return refused("token_not_yet_valid", "ce jeton n'est pas encore valable : vérifiez les horloges", "this token is not valid yet: check the clocks", nil)
	}
	return nil
}
