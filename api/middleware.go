package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire/internal/obs"
)

// identify gives the request its id, the client's own where it is harmless, and sets the headers of every answer.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !obs.ValidRequestID(id) {
			id = obs.NewRequestID()
		}
		c.SetRequest(c.Request().WithContext(obs.WithRequestID(c.Request().Context(), id)))
		h := c.Response().Header()
		h.Set(echo.HeaderXRequestID, id)
		h.Set(echo.HeaderXContentTypeOptions, "nosniff")
		if s.opts.Training {
			h.Set("X-Annuaire-Mode", modeTraining)
		}
		return next(c)
	}
}

// access writes one line per request. The pattern of the route stands for the path, which holds identifiers and addresses.
func (s *Server) access(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := s.opts.Now()
		if err := next(c); err != nil {
			c.Error(err) // answers now, so that the status below is the one sent
		}
		s.log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request",
			slog.String("method", method(c.Request().Method)), slog.String("route", pattern(c)),
			slog.Int("status", c.Response().Status), slog.Float64("took_ms", s.since(start)))
		return nil
	}
}

// pattern is the route as registered, or "unmatched": never the path.
func pattern(c echo.Context) string {
	if p := c.Path(); p != "" {
		return p
	}
	return "unmatched"
}

// method names the methods that exist: any token is valid in a request line, and would be copied to the log.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "OTHER"
}

// since is the time taken, in milliseconds to three decimals.
func (s *Server) since(start time.Time) float64 {
	return float64(s.opts.Now().Sub(start).Microseconds()) / 1000
}

// errPanic is what the client of a handler that panicked is told nothing of.
var errPanic = errors.New("panic in a handler")

// recovered turns a panic into an internal error. The value of a panic may quote the request, so the log gets its type,
// its text only when the Go runtime wrote it, and the stack, which holds addresses instead of values.
func (s *Server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			what := fmt.Sprintf("%T", v)
			if re, ok := v.(runtime.Error); ok {
				what = re.Error()
			}
			s.log.LogAttrs(c.Request().Context(), slog.LevelError, "panic", slog.String("route", pattern(c)),
				slog.String("what", what), slog.String("stack", string(debug.Stack())))
			err = errPanic
		}()
		return next(c)
	}
}

// apart leaves those who watch the service alone: health is neither limited nor asked for a token.
func apart(m echo.MiddlewareFunc) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		with := m(next)
		return func(c echo.Context) error {
			switch c.Path() {
			case "/healthz", "/readyz", "/metrics":
				return next(c)
			}
			return with(c)
		}
	}
}

// measured limits the body of a request.
func (s *Server) measured(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		most := int64(maxBodyBytes)
		if c.Path() == "/v1/mailboxes/batch" {
			most = maxBatchBytes
		}
		if r.ContentLength > most {
			return echo.ErrStatusRequestEntityTooLarge
		}
		if r.Body != nil {
			r.Body = http.MaxBytesReader(c.Response(), r.Body, most)
		}
		return next(c)
	}
}

// bounded limits the time of a request.
func (s *Server) bounded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		ctx, cancel := context.WithTimeout(r.Context(), s.opts.Budget)
		defer cancel()
		defer c.SetRequest(r) // what runs after sees whether the client left, not that the budget is closed
		c.SetRequest(r.WithContext(ctx))
		return next(c)
	}
}
