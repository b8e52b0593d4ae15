package api

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/mailaddr"
)

// mailboxRoutes are those of whoever registers boxes, or holds them.
func (s *Server) mailboxRoutes(g *echo.Group) {
	const french, english = "ce service n'inscrit pas de BAL", "this service registers no mailboxes"
	registering := offered(s.opts.Registry != nil, french, english)
	g.PUT("/mailboxes/:address", s.putMailbox, s.bounded, registering, s.idempotent)
	g.PATCH("/mailboxes/:address", s.patchMailbox, s.bounded, registering, s.idempotent)
	g.DELETE("/mailboxes/:address", s.deleteMailbox, s.bounded, registering, s.idempotent)
	g.POST("/mailboxes/batch", s.mailboxBatch, registering, s.withoutKey)
	s.get(g, "/mailboxes/:address/history", s.boxHistory, registering)
	g.PUT("/staff/:id", s.putStaff, s.bounded, registering, s.idempotent)
	s.get(g, "/me/mailboxes", newRoute("/v1/me/mailboxes", onMyBoxes, nil).to(s.myMailboxes), registering)
	s.get(g, "/me/indicators", newRoute("/v1/me/indicators", onIndicators, nil).to(s.myIndicators), registering)
	s.get(g, "/me/eligibility", newRoute("/v1/me/eligibility", onEligibility, nil).to(s.myEligibility), offered(s.opts.Eligibilities != nil, french, english))
}

func (s *Server) putMailbox(c echo.Context) error {
	addr, err := pathValue(c, pathMailbox)
	if err != nil {
		return err
	}
	var body boxBody
	if err := readBody(c, &body); err != nil {
		return err
	}
	if body.Address != "" && !sameAddress(body.Address, addr) {
		return invalid("address", "l'adresse du corps n'est pas celle du chemin.", "the address of the body is not that of the path.")
	}
	match, err := condition(c)
	if err != nil {
		return err
	}
	b, created, err := s.opts.Registry.Put(c.Request().Context(), callerOf(c), body.registered(addr, s.opts.Now()), match)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
		c.Response().Header().Set(echo.HeaderLocation, "/v1/mailboxes/"+url.PathEscape(b.Address))
	}
	return s.sendBox(c, status, b, false)
}

func (s *Server) patchMailbox(c echo.Context) error {
	addr, err := pathValue(c, pathMailbox)
	if err != nil {
		return err
	}
	var p annuaire.MailboxPatch
	if err := readBody(c, &p); err != nil {
		return err
	}
	match, err := condition(c)
	if err != nil {
		return err
	}
	who := callerOf(c)
	b, err := s.opts.Registry.Patch(c.Request().Context(), who, addr, p, match)
	if err != nil {
		return err
	}
	return s.sendBox(c, http.StatusOK, b, !mine(who, addr))
}

func (s *Server) deleteMailbox(c echo.Context) error {
	addr, err := pathValue(c, pathMailbox)
	if err != nil {
		return err
	}
	if err := s.opts.Registry.Delete(c.Request().Context(), callerOf(c), addr, ifMatch(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// private answers a box to whom it is the business of; done is false for everybody else, who gets the public record and nothing more: for
// them the registry is not asked.
func (s *Server) private(c echo.Context, addr string) (done bool, err error) {
	who := callerOf(c)
	if s.opts.Registry == nil || !mine(who, addr) && who.Professional == "" {
		return false, nil
	}
	b, err := s.opts.Registry.Box(c.Request().Context(), who, addr)
	switch {
	case annuaire.CodeOf(err) == annuaire.CodeNotFound, annuaire.CodeOf(err) == annuaire.CodeInvalid: // an address of the extract that could not be registered
		return false, nil
	case err != nil:
		return true, err
	}
	return true, s.sendBox(c, http.StatusOK, b, !mine(who, addr))
}

// mine reports whether boxes of the domain of an address are the business of a caller.
func mine(who annuaire.Caller, addr string) bool {
	if who.Has(annuaire.RoleAdmin) {
		return true
	}
	a, err := mailaddr.Parse(addr)
	return err == nil && who.Operates(a.Domain)
}

func (s *Server) sendBox(c echo.Context, status int, b annuaire.Registered, professional bool) error {
	tag := s.opts.Registry.ETag(b)
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set(echo.HeaderCacheControl, "private, no-store")
	if c.Request().Method == http.MethodGet && tagListed(c.Request().Header.Values("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return sendStatus(c, status, boxView(b, professional), nil)
}

func (s *Server) boxHistory(c echo.Context) error {
	addr, err := pathValue(c, pathMailbox)
	if err != nil {
		return err
	}
	events, err := s.opts.Registry.History(c.Request().Context(), callerOf(c), addr)
	return sendAll(c, events, err)
}

// putStaff takes social-care staff from a registrar.
func (s *Server) putStaff(c echo.Context) error {
	id, err := pathValue(c, pathProfessional)
	if err != nil {
		return err
	}
	var body struct {
		Family  string `json:"family"`
		Given   string `json:"given"`
		Contact string `json:"contact"`
		Mobile  string `json:"mobile"`
		Terms   string `json:"terms"`
	}
	if err := readBody(c, &body); err != nil {
		return err
	}
	created, err := s.opts.Registry.HandOver(c.Request().Context(), callerOf(c), annuaire.Staff{ID: id, Family: body.Family, Given: body.Given, Contact: body.Contact, Mobile: body.Mobile, Terms: body.Terms})
	if err != nil {
		return err
	}
	return c.NoContent(lo.Ternary(created, http.StatusCreated, http.StatusNoContent))
}

func sameAddress(a, b string) bool {
	x, err := mailaddr.Parse(a)
	if err != nil {
		return strings.EqualFold(a, b)
	}
	y, err := mailaddr.Parse(b)
	return err == nil && x == y
}

// condition reads If-Match or If-None-Match: * of a write.
func condition(c echo.Context) (string, error) {
	match, none := ifMatch(c), strings.Join(c.Request().Header.Values("If-None-Match"), ",")
	switch {
	case none == "":
		return match, nil
	case none == "*" && match == "":
		return annuaire.IfAbsent, nil
	}
	return "", invalid("If-None-Match", "seule la forme « If-None-Match: * » est comprise, sans If-Match.", "only If-None-Match: * is understood, without If-Match.")
}

func ifMatch(c echo.Context) string {
	return strings.Join(c.Request().Header.Values("If-Match"), ",")
}
