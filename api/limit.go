package api

import (
	"math"
	"net"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/internal/limits"
)

// Limits are what clients may ask. The zero Limits are none.
type Limits struct {
	Anonymous limits.Class // by address
	Token     limits.Class // by token
	Exports   int          // at a time, of all clients; 0 is DefaultExports
}

// DefaultExports is how many exports run at a time.
const DefaultExports = 2

// client returns the key and the limits of who asks; ok is false for one without limits.
func (s *Server) client(c echo.Context) (key string, class limits.Class, ok bool) {
	who := callerOf(c)
	switch {
	case who.ID == "local":
		return "", class, false
	case who.Anonymous():
		return s.address(c), s.opts.Limits.Anonymous, true
	}
	return "token " + who.ID, s.opts.Limits.Token, true
}

// limited answers 429 to a client that asks too much.
func (s *Server) limited(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		key, class, ok := s.client(c)
		if !ok {
			return next(c)
		}
		if wait, ok := s.limiter.Allow(key, class); !ok {
			return tooMany(c, wait)
		}
		return next(c)
	}
}

// charge counts the people an answer holds against the hour of the client.
func (s *Server) charge(c echo.Context, people int) {
	if key, class, ok := s.client(c); ok {
		s.limiter.Charge(key, class, people)
	}
}

// tooMany is the refusal, with the whole seconds to wait.
func tooMany(c echo.Context, wait time.Duration) error {
	seconds := max(1, int(math.Ceil(wait.Seconds())))
	c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(seconds))
	return annuaire.Errorf(annuaire.CodeTooMany, "", "trop de demandes : réessayez dans "+strconv.Itoa(seconds)+" s, ou demandez un jeton à l'exploitant",
		"too many requests: try again in "+strconv.Itoa(seconds)+" s, or ask the operator for a token", nil)
}

// extractor finds the address of a client: of the connection, or, when that is a trusted proxy, the last that no trusted proxy wrote.
func extractor(trusted []*net.IPNet) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, n := range trusted {
		options = append(options, echo.TrustIPRange(n))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
