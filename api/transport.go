package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// compressFrom is the size from which an answer is worth compressing, in bytes.
const compressFrom = 1 << 10

// compressed sends gzip to who accepts it; not records, whose tag is that of their plain bytes, nor events, which are not to wait.
func (s *Server) compressed() echo.MiddlewareFunc {
	return middleware.GzipWithConfig(middleware.GzipConfig{MinLength: compressFrom, Skipper: func(c echo.Context) bool {
		return s.opts.Plain || strings.HasPrefix(c.Path(), "/v1/") && strings.Contains(c.Path(), ":") || strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "text/event-stream")
	}})
}

// crossOrigin lets pages of these origins ask from a browser, without credentials but a token they hold themselves.
func crossOrigin(origins []string) echo.MiddlewareFunc {
	return middleware.CORSWithConfig(middleware.CORSConfig{
		AllowOrigins: origins, AllowMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowHeaders:  []string{echo.HeaderAuthorization, echo.HeaderContentType, "If-None-Match", "Last-Event-ID"},
		ExposeHeaders: []string{echo.HeaderXRequestID, echo.HeaderRetryAfter, "ETag", "Link", "X-Annuaire-Extract", "X-Annuaire-Ignored", "X-Annuaire-Source", "X-Annuaire-Mode"},
		MaxAge:        600,
	})
}
