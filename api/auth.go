package api

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/internal/limits"
)

// Tokens recognises the holder of a secret: CodeUnauthorized for one that is unknown, expired or revoked.
type Tokens interface {
	Authenticate(secret string) (annuaire.Caller, error)
}

type callerKey struct{}

// Local serves whoever came through the control socket: the administrator of this machine, to whom no limit applies.
func Local(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(echo.HeaderAuthorization) != "" { // a command that acts for whoever holds the token: alerts take two people
			h.ServeHTTP(w, r)
			return
		}
		local := annuaire.Caller{ID: "local", Roles: []annuaire.Role{annuaire.RoleAdmin}}
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, local)))
	})
}

func callerOf(c echo.Context) annuaire.Caller {
	who, _ := c.Request().Context().Value(callerKey{}).(annuaire.Caller)
	return who
}

// wrongTokens is how many wrong secrets an address may send: guessing 256 bits is hopeless, and filling logs is not to be free.
var wrongTokens = limits.Class{RPS: 0.2, Burst: 20}

// authenticated recognises the token of a request, if it has one. A wrong one is refused even where none is needed: the client believes
// that it counts.
func (s *Server) authenticated(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		header := r.Header.Get(echo.HeaderAuthorization)
		if header == "" || !callerOf(c).Anonymous() {
			return next(c)
		}
		scheme, secret, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") || s.opts.Tokens == nil {
			return s.challenge(c, annuaire.Errorf(annuaire.CodeUnauthorized, "", "seuls les jetons sont acceptés : Authorization: Bearer ann_…",
				"only tokens are accepted: Authorization: Bearer ann_…", nil))
		}
		who, err := s.opts.Tokens.Authenticate(strings.TrimSpace(secret))
		if err != nil {
			if annuaire.CodeOf(err) != annuaire.CodeUnauthorized {
				return err
			}
			if wait, ok := s.limiter.Allow("wrong token "+s.address(c), wrongTokens); !ok {
				return tooMany(c, wait)
			}
			return s.challenge(c, err)
		}
		c.SetRequest(r.WithContext(context.WithValue(r.Context(), callerKey{}, who)))
		return next(c)
	}
}

// challenge answers 401 as RFC 6750, 3 asks.
func (s *Server) challenge(c echo.Context, err error) error {
	c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="annuaire"`)
	return err
}

// need lets through whoever has a role.
func (s *Server) need(role annuaire.Role) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			who := callerOf(c)
			switch {
			case who.Has(role):
				return next(c)
			case who.Anonymous():
				return s.challenge(c, annuaire.Errorf(annuaire.CodeUnauthorized, "", "un jeton de rôle « "+string(role)+" » est nécessaire ; l'exploitant en délivre (annuaire token new)",
					"a token of role "+string(role)+" is needed; the operator of this directory issues them (annuaire token new)", nil))
			}
			return annuaire.Errorf(annuaire.CodeForbidden, "", "ce jeton n'a pas le rôle « "+string(role)+" »", "this token lacks the role "+string(role), nil)
		}
	}
}

// address is where a request comes from, behind trusted proxies where they say so: the key of who has no token.
func (s *Server) address(c echo.Context) string {
	a, err := netip.ParseAddr(c.RealIP())
	if err != nil { // a Unix socket, or a proxy that writes nonsense: one client
		return "unknown"
	}
	return limits.Address(a)
}
