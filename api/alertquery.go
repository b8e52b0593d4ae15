package api

import (
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// numberIn reads a number of a list of parameters.
func numberIn(q map[string]string, name string, least, most, missing int) (int, error) {
	v, ok := q[name]
	if !ok {
		return missing, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		return 0, invalid(name, "un nombre de %d à %d est attendu.", "a number from %d to %d is expected.", least, most)
	}
	return n, nil
}

// formatIn reads in which format to answer; the first is the usual one.
func formatIn(q map[string]string, known ...string) (string, error) {
	v, ok := q["format"]
	if !ok {
		return known[0], nil
	}
	if !slices.Contains(known, v) {
		return "", invalid("format", "valeurs : %v.", "values: %v.", known)
	}
	return v, nil
}

type alertList[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// listed answers a list of alerts with the address of what comes after it.
func listed[T any](c echo.Context, path string, read func(before string, n int) ([]T, error), id func(T) string) error {
	q, err := parameters(c, "before", "limit")
	if err != nil {
		return err
	}
	limit, err := numberIn(q, "limit", 1, annuaire.MaxLimit, annuaire.DefaultLimit)
	if err != nil {
		return err
	}
	items, err := read(q["before"], limit)
	if err != nil {
		return err
	}
	out := alertList[T]{Items: append([]T{}, items...)}
	if len(items) == limit {
		next := path + "?limit=" + strconv.Itoa(limit) + "&before=" + id(items[limit-1])
		out.Next = &next
	}
	return sendJSON(c, out)
}

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
	q, err := parameters(c, "format")
	if err != nil {
		return err
	}
	format, err := formatIn(q, "json", "cap")
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
	return send(c, 200, mimeCAP, b)
}

func (s *Server) alertPreview(c echo.Context) error {
	p, err := s.opts.Alerts.Preview(c.Request().Context(), callerOf(c), c.Param("id"))
	if err != nil {
		return err
	}
	return sendJSON(c, p)
}
