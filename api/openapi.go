package api

import (
	_ "embed"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"
)

// contract is the OpenAPI description of every route, written by hand; a test holds the routes and their answers against it.
//
//go:embed openapi.yaml
var contract []byte

func (s *Server) openapi(c echo.Context) error {
	return send(c, http.StatusOK, "application/yaml", contract)
}

// docsPolicy lets the page load what it is made of from here and nothing from elsewhere. Its script and its styles are partly in the page.
const docsPolicy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// docs is the contract as a page, with all it needs: it works without a network.
func (s *Server) docs() echo.HandlerFunc {
	title := "Annuaire Santé — API"
	if s.opts.Training {
		title += " — " + modeTraining
	}
	h := v5emb.NewHandlerWithConfig(swgui.Config{Title: title, SwaggerJSON: "/openapi.yaml", BasePath: "/docs/", HideCurl: false,
		SettingsUI: map[string]string{"docExpansion": `"list"`, "validatorUrl": "null", "defaultModelsExpandDepth": "-1"}})
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", docsPolicy)
		if c.Request().URL.Path == "/docs" {
			r := c.Request().Clone(c.Request().Context())
			r.URL.Path = "/docs/"
			c.SetRequest(r)
		}
		if strings.Contains(c.Request().URL.Path, "..") {
			return echo.ErrNotFound
		}
		h.ServeHTTP(c.Response(), c.Request())
		return nil
	}
}
