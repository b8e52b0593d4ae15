package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"annuaire"
)

func (s *Server) alertList(c echo.Context) error {
	return listed(c, "/v1/alerts", func(before string, n int) ([]annuaire.Alert, error) {
		return s.opts.Alerts.List(c.Request().Context(), callerOf(c), before, n)
	}, func(a annuaire.Alert) string { return a.ID })
}

func (s *Server) alertArchive(c echo.Context) error {
	return listed(c, "/v1/alerts/public", func(before string, n int) ([]annuaire.AlertPublic, error) {
		return s.opts.Alerts.Published(c.Request().Context(), before, n)
	}, func(a annuaire.AlertPublic) string { return a.ID })
}

// mimeCAP is the media type of a CAP message.
const mimeCAP = "application/cap+xml"

func (s *Server) alertPublic(c echo.Context) error {
	format, err := formatOf(c, "json", "cap")
	if err != nil {
		return err
	}
	if format == "cap" {
		b, err := s.opts.Alerts.PublishedCAP(c.Request().Context(), c.Param("id"))
		if err != nil {
			return err
		}
		return sendTaggedAs(c, mimeCAP, b)
	}
	a, err := s.opts.Alerts.PublishedAlert(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return sendTagged(c, a)
}

func (s *Server) alertCAP(c echo.Context) error {
	b, err := s.opts.Alerts.CAP(c.Request().Context(), callerOf(c), c.Param("id"))
	if err != nil {
		return err
	}
	return send(c, http.StatusOK, mimeCAP, b)
}

func (s *Server) alertPreview(c echo.Context) error {
	p, err := s.opts.Alerts.Preview(c.Request().Context(), callerOf(c), c.Param("id"))
	return sendStatus(c, http.StatusOK, p, err)
}
