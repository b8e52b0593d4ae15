package api

import (
	"time"

	"github.com/labstack/echo/v4"
)

// observed tells the observer of Options about every request: its method and the pattern of its route, never its path.
func (s *Server) observed(next echo.HandlerFunc) echo.HandlerFunc {
	if s.opts.Observe == nil {
		return next
	}
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		s.opts.Observe(method(c.Request().Method)+" "+pattern(c), c.Response().Status, time.Since(start))
		return err
	}
}

// metrics answers what the handler of Options says, for Prometheus.
func (s *Server) metrics(c echo.Context) error {
	if s.opts.Metrics == nil {
		return echo.ErrNotFound
	}
	s.opts.Metrics.ServeHTTP(c.Response(), c.Request())
	return nil
}
