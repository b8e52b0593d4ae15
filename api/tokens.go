package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// TokenKeeper makes tokens, lists and ends them, and tells the audit.
type TokenKeeper interface {
	Create(annuaire.TokenRequest) (t annuaire.Token, secret string, err error)
	List() ([]annuaire.Token, error)
	Revoke(id string, by annuaire.Caller) (annuaire.Token, error)
}

const maxDays = 5 * 365

func (s *Server) tokenRoutes(v1 *echo.Group) {
	keeping := offered(s.opts.Keeper != nil, "les jetons ne se gèrent pas ici", "tokens are not kept here")
	v1.GET("/tokens", s.listTokens, s.bounded, keeping)
	v1.POST("/tokens", s.makeToken, s.bounded, keeping)
	v1.DELETE("/tokens/:id", s.revokeToken, s.bounded, keeping)
}

func (s *Server) listTokens(c echo.Context) error {
	if err := s.note(c, "token.read", "", "", nil); err != nil {
		return err
	}
	all, err := s.opts.Keeper.List()
	return sendAll(c, all, err)
}

func (s *Server) makeToken(c echo.Context) error {
	var body struct {
		Name     string          `json:"name"`
		Roles    []annuaire.Role `json:"roles"`
		Operator string          `json:"operator"`
		Domains  []string        `json:"domains"`
		Days     int             `json:"days"` // that it is good for; 0 is a year
	}
	if err := readBody(c, &body); err != nil {
		return err
	}
	if body.Days < 0 || body.Days > maxDays {
		return invalid("days", "un nombre de jours de 1 à %d est attendu.", "a number of days from 1 to %d is expected.", maxDays)
	}
	t, secret, err := s.opts.Keeper.Create(annuaire.TokenRequest{Name: body.Name, Roles: body.Roles, Operator: body.Operator, Domains: body.Domains,
		Life: time.Duration(body.Days) * 24 * time.Hour, By: callerOf(c)})
	return sendStatus(c, http.StatusCreated, struct { // the only answer that holds a secret
		annuaire.Token
		Secret string `json:"secret"`
	}{t, secret}, err)
}

func (s *Server) revokeToken(c echo.Context) error {
	t, err := s.opts.Keeper.Revoke(c.Param("id"), callerOf(c))
	return sendStatus(c, http.StatusOK, t, err)
}
