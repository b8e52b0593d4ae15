package api

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
)

// Audiences is what the health authority aims with. Previews and lists are as the caller may see them.
type Audiences interface {
	// Audiences lists what is saved, by name.
	Audiences(ctx context.Context) ([]annuaire.SavedAudience, error)
	// Audience returns one, version 0 being the last; CodeNotFound.
	Audience(ctx context.Context, name string, version uint64) (annuaire.SavedAudience, error)
	// Save keeps an audience, as text or JSON; CodePrecondition when expect (0: it is new) is not its version.
	Save(ctx context.Context, who annuaire.Caller, name, title, form string, expect uint64) (annuaire.SavedAudience, error)
	// Remove forgets one; CodeNotFound, CodePrecondition.
	Remove(ctx context.Context, who annuaire.Caller, name string, expect uint64) error
	// PreviewFor says whom an audience would reach, PreviewSaved one that is saved, and what changed since.
	PreviewFor(ctx context.Context, who annuaire.Caller, form string, o annuaire.PreviewOptions) (annuaire.AudiencePreview, error)
	PreviewSaved(ctx context.Context, who annuaire.Caller, name string, o annuaire.PreviewOptions) (annuaire.AudiencePreview, error)
	// UnreachableOf calls fn with everyone of a saved audience whom no mailbox reaches.
	UnreachableOf(ctx context.Context, who annuaire.Caller, name string, fn func(annuaire.Item[annuaire.Professional]) error) error
}

// previewBudget is the time for a preview: it looks at everyone.
const previewBudget = 20 * time.Second

// audienceRoutes are for the health authority: authors write; authors, approvers and whoever may see addresses read (x-roles).
func (s *Server) audienceRoutes(v1 *echo.Group) {
	there := offered(s.opts.Audiences != nil, "les audiences ne sont pas disponibles ici", "audiences are not available here")
	v1.GET("/audiences", s.listAudiences, s.bounded, there)
	v1.GET("/audiences/:name", s.oneAudience, s.bounded, there)
	v1.PUT("/audiences/:name", s.saveAudience, s.bounded, there)
	v1.DELETE("/audiences/:name", s.removeAudience, s.bounded, there)
	v1.POST("/audiences/preview", s.previewForm, there)
	v1.POST("/audiences/:name/preview", s.previewSaved, there)
	v1.GET("/audiences/:name/unreachable", s.unreachable, there)
}

func (s *Server) listAudiences(c echo.Context) error {
	if _, err := parameters(c); err != nil {
		return err
	}
	all, err := s.opts.Audiences.Audiences(c.Request().Context())
	return sendAll(c, all, err)
}

func (s *Server) oneAudience(c echo.Context) error {
	q, err := parameters(c, "version")
	if err != nil {
		return err
	}
	version, err := numberIn(q, "version", 1, math.MaxInt, 0)
	if err != nil {
		return err
	}
	a, err := s.opts.Audiences.Audience(c.Request().Context(), c.Param("name"), uint64(version))
	return sendVersion(c, http.StatusOK, a.Version, a, err)
}

// audienceBody is an audience in one of its forms.
type audienceBody struct {
	Text string          `json:"text"`
	Tree json.RawMessage `json:"tree"`
}

// form returns the one form that is given.
func (b audienceBody) form() (string, error) {
	switch {
	case (b.Text != "") == (b.Tree != nil):
		return "", invalid("text", "donnez l'audience une fois : « text » ou « tree ».", "give the audience once: \"text\" or \"tree\".")
	case b.Tree != nil && b.Tree[0] != '{':
		return "", invalid("tree", "un objet est attendu.", "an object is expected.")
	case strings.HasPrefix(strings.TrimSpace(b.Text), "{"):
		return "", invalid("text", "la forme JSON se donne dans « tree ».", "the JSON form is given in \"tree\".")
	case b.Tree != nil:
		return string(b.Tree), nil
	}
	return b.Text, nil
}

func (s *Server) saveAudience(c echo.Context) error {
	expect, err := versionIn(c, false)
	if err != nil {
		return err
	}
	var body struct {
		Title string `json:"title"`
		audienceBody
	}
	if err := readBody(c, &body); err != nil {
		return err
	}
	form, err := body.form()
	if err != nil {
		return err
	}
	a, err := s.opts.Audiences.Save(c.Request().Context(), callerOf(c), c.Param("name"), body.Title, form, expect)
	return sendVersion(c, lo.Ternary(expect == 0, http.StatusCreated, http.StatusOK), a.Version, a, err)
}

func (s *Server) removeAudience(c echo.Context) error {
	expect, err := versionIn(c, false)
	if err != nil {
		return err
	}
	if err := s.opts.Audiences.Remove(c.Request().Context(), callerOf(c), c.Param("name"), expect); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
