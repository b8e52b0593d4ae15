package api

import (
	"cmp"
	"context"
	"crypto/x509"
	"net/netip"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/internal/limits"
)

// Tokens recognises the holder of a secret: CodeUnauthorized for one that is unknown, expired or revoked.
type Tokens interface {
	Authenticate(secret string) (annuaire.Caller, error)
}

// Identities recognises the professional of an access token of OpenID Connect. CodeUnauthorized, with the rule that was broken, for a token
// that is not to be believed; CodeUnavailable when the identity provider that would have to be asked does not answer.
type Identities interface {
	Identify(ctx context.Context, token string) (annuaire.Caller, error)
}

// Certificates recognises the holder of a client certificate whose chain was verified: CodeUnauthorized for one that names nobody known.
type Certificates interface {
	Certificate(*x509.Certificate) (annuaire.Caller, error)
}

type callerKey struct{}

func callerOf(c echo.Context) annuaire.Caller {
	who, _ := c.Request().Context().Value(callerKey{}).(annuaire.Caller)
	return who
}

// authenticated recognises who sends a request, by token or certificate, if they show one. A wrong one is refused even where none is needed:
// the client believes that it counts.
func (s *Server) authenticated(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !callerOf(c).Anonymous() {
			return next(c)
		}
		who, err := s.recognised(c)
		if err != nil {
			return err
		}
		who.From = cmp.Or(callerOf(c).From, from(c)) // the control socket has said so
		r := c.Request()
		c.SetRequest(r.WithContext(context.WithValue(r.Context(), callerKey{}, who)))
		return next(c)
	}
}

// recognised returns who a request says that it is from; the zero Caller where it says nothing.
func (s *Server) recognised(c echo.Context) (annuaire.Caller, error) {
	r := c.Request()
	sent, err := credentialOf(r.Header.Values(echo.HeaderAuthorization))
	switch {
	case err != nil:
		return s.refused(c, credential{}, err)
	case sent.secret == "" && (r.TLS == nil || len(r.TLS.VerifiedChains) == 0 || s.opts.Certificates == nil):
		return annuaire.Caller{}, nil
	case sent.secret == "":
		who, err := s.opts.Certificates.Certificate(r.TLS.VerifiedChains[0][0])
		if err != nil {
			return s.refused(c, credential{}, err)
		}
		return who, nil
	}
	if sent.kind != signed { // what is signed cannot be guessed: a client that sends wrong ones does not shut out its neighbours
		if wait := s.guard.Wait(s.address(c), sent.secret); wait > 0 {
			return annuaire.Caller{}, tooMany(c, wait)
		}
	}
	who, err := s.whose(r.Context(), sent)
	if err != nil {
		return s.refused(c, sent, err)
	}
	if sent.kind != signed {
		s.guard.Recognised(sent.secret)
	}
	return who, nil
}

func (s *Server) whose(ctx context.Context, sent credential) (annuaire.Caller, error) {
	switch {
	case s.opts.Identities != nil && (sent.kind == signed || sent.kind == opaque):
		return s.opts.Identities.Identify(ctx, sent.secret)
	case sent.kind == signed:
		return annuaire.Caller{}, errNoProvider
	case s.opts.Tokens != nil:
		return s.opts.Tokens.Authenticate(sent.secret)
	}
	return annuaire.Caller{}, errScheme
}

// refused counts a credential that was not believed, and answers 401 as RFC 6750, 3 asks; 429 when there were too many.
func (s *Server) refused(c echo.Context, sent credential, err error) (annuaire.Caller, error) {
	if annuaire.CodeOf(err) != annuaire.CodeUnauthorized {
		return annuaire.Caller{}, err
	}
	wait, ok := s.guard.Refused(s.address(c), sent.guessable(), limits.Refusal{Front: "rest", Rule: annuaire.RuleOf(err), From: from(c)})
	if !ok {
		return annuaire.Caller{}, tooMany(c, wait)
	}
	c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="annuaire", error="invalid_token"`)
	return annuaire.Caller{}, err
}

// address is where a request comes from, behind trusted proxies where they say so: the key of who has no token.
func (s *Server) address(c echo.Context) string {
	a, err := netip.ParseAddr(c.RealIP())
	if err != nil { // a Unix socket, or a proxy that writes nonsense: one client
		return "unknown"
	}
	return limits.Address(a)
}

// from is the same for the audit, whole; "" where it is not known.
func from(c echo.Context) string {
	a, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return ""
	}
	return a.Unmap().WithZone("").String()
}
