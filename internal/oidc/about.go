package oidc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strings"

	"annuaire"
)

// errInactive is what an issuer says of a token that it has withdrawn, or never gave.
var errInactive = refused("token_inactive", "ce jeton n'est pas, ou n'est plus, reconnu par son émetteur", "this token is not, or no longer, recognised by its issuer", nil)

// about asks the issuer about a token and returns what the token says (of; nil for one that says nothing) with what the issuer adds.
// An answer is kept for CacheFor; those who ask about one token at a time ask once.
func (p *provider) about(ctx context.Context, raw string, of claims) (claims, error) {
	at, ok := p.answers.get(raw)
	if !ok {
		got := p.flight.DoChan("about "+raw, func() (any, error) {
			if at, ok := p.answers.get(raw); ok { // answered since we looked
				return at, nil
			}
			c, err := p.question(raw)
			if err != nil && annuaire.CodeOf(err) != annuaire.CodeUnauthorized { // that it is away is not kept
				return nil, err
			}
			at := cached{c: c, err: err, until: p.now().Add(CacheFor)}
			if exp, there, ok := c.moment("exp"); there && ok && exp.Before(at.until) {
				at.until = exp
			}
			p.answers.put(raw, at)
			return at, nil
		})
		select {
		case <-ctx.Done():
			return nil, away(ctx.Err())
		case r := <-got:
			if r.Err != nil {
				return nil, r.Err
			}
			at = r.Val.(cached)
		}
	}
	if at.err != nil {
		return nil, at.err
	}
	if sub := of.text("sub"); sub != "" && at.c.text("sub") != "" && sub != at.c.text("sub") { // OpenID Connect Core 1.0, 5.3.2
		return nil, refused("subject_mismatch", "l'émetteur répond au sujet d'une autre personne", "the issuer answers about somebody else", nil)
	}
	out := maps.Clone(at.c)
	maps.Copy(out, of) // what is signed counts more than what is said
	return out, nil
}

// question asks, whoever waits for the answer.
func (p *provider) question(raw string) (claims, error) {
	ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
	defer cancel()
	select {
	case p.asking <- struct{}{}:
		defer func() { <-p.asking }()
	case <-ctx.Done():
		return nil, away(errors.New("too many questions under way"))
	}
	doc, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	var req *http.Request
	if p.Ask == AskUserinfo {
		if req, err = http.NewRequestWithContext(ctx, http.MethodGet, doc.userinfo, nil); err == nil {
			req.Header.Set("Authorization", "Bearer "+raw)
		}
	} else {
		req, err = p.introspection(ctx, doc.introspection, raw)
	}
	if err != nil {
		return nil, p.failed(err)
	}
	req.Header.Set("Accept", "application/json")
	res, err := p.client.Do(req)
	if err != nil {
		return nil, p.failed(errors.New("no answer")) // the text may hold the address, never the token; yet it says nothing more
	}
	body, err := io.ReadAll(res.Body) // bounded by the transport
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return nil, p.failed(err)
	}
	return p.understood(res.StatusCode, res.Header.Get("Content-Type"), body)
}

// introspection is the question of RFC 7662, 2.1.
func (p *provider) introspection(ctx context.Context, address, raw string) (*http.Request, error) {
	form := url.Values{"token": {raw}, "token_type_hint": {"access_token"}}
	secret := ""
	if p.SecretFile != "" { // read each time: a new secret counts at once
		b, err := os.ReadFile(p.SecretFile)
		if err != nil {
			return nil, fmt.Errorf("client_secret_file: %w", err)
		}
		secret = strings.TrimSpace(string(b))
	} else {
		form.Set("client_id", p.ClientID)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errors.New("the address of introspection is missing or wrong")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if secret != "" {
		req.SetBasicAuth(url.QueryEscape(p.ClientID), url.QueryEscape(secret)) // RFC 6749, 2.3.1
	}
	return req, nil
}

// understood reads the answer.
func (p *provider) understood(status int, media string, body []byte) (claims, error) {
	switch {
	case p.Ask == AskUserinfo && (status == http.StatusUnauthorized || status == http.StatusForbidden):
		return nil, errInactive
	case status != http.StatusOK:
		return nil, p.failed(fmt.Errorf("status %d: are client_id and client_secret_file right?", status))
	case !strings.HasPrefix(media, "application/json"):
		return nil, p.failed(errors.New("the answer is not JSON"))
	}
	c, ok := parseClaims(body)
	if !ok {
		return nil, p.failed(errors.New("the answer cannot be read"))
	}
	if active, _ := c["active"].(bool); p.Ask == AskIntrospection && !active {
		return nil, errInactive
	}
	return c, nil
}

// failed says in the log why an issuer could not be asked: it is for whoever runs the service to put right.
func (p *provider) failed(err error) error {
	p.log.Warn("the identity provider could not be asked about a token", "issuer", p.Name, "error", err.Error())
	return away(err)
}
