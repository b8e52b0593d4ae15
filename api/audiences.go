package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

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
	v1.GET("/audiences", s.listAudiences, s.bounded, s.aiming)
	v1.GET("/audiences/:name", s.oneAudience, s.bounded, s.aiming)
	v1.PUT("/audiences/:name", s.saveAudience, s.bounded, s.aiming)
	v1.DELETE("/audiences/:name", s.removeAudience, s.bounded, s.aiming)
	v1.POST("/audiences/preview", s.previewForm, s.aiming)
	v1.POST("/audiences/:name/preview", s.previewSaved, s.aiming)
	v1.GET("/audiences/:name/unreachable", s.unreachable, s.aiming)
}

// aiming refuses where there are no audiences.
func (s *Server) aiming(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.opts.Audiences == nil {
			return annuaire.Errorf(annuaire.CodeUnavailable, "", "les audiences ne sont pas disponibles ici", "audiences are not available here", nil)
		}
		return next(c)
	}
}

func (s *Server) listAudiences(c echo.Context) error {
	if _, err := parameters(c); err != nil {
		return err
	}
	all, err := s.opts.Audiences.Audiences(c.Request().Context())
	if err != nil {
		return err
	}
	return sendJSON(c, struct {
		Items []annuaire.SavedAudience `json:"items"`
	}{all})
}

func (s *Server) oneAudience(c echo.Context) error {
	q, err := parameters(c, "version")
	if err != nil {
		return err
	}
	version := uint64(0)
	if v, ok := q["version"]; ok {
		if version, err = strconv.ParseUint(v, 10, 64); err != nil || version == 0 {
			return invalid("version", "un numéro de version est attendu.", "a version number is expected.")
		}
	}
	a, err := s.opts.Audiences.Audience(c.Request().Context(), c.Param("name"), version)
	if err != nil {
		return err
	}
	return sendAudience(c, http.StatusOK, a)
}

func sendAudience(c echo.Context, status int, a annuaire.SavedAudience) error {
	body, err := encode(a)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("ETag", `"`+strconv.FormatUint(a.Version, 10)+`"`)
	h.Set(echo.HeaderCacheControl, "no-store")
	return send(c, status, echo.MIMEApplicationJSON, body)
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
	expect, err := audienceVersion(c)
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
	if err != nil {
		return err
	}
	status := http.StatusOK
	if expect == 0 {
		status = http.StatusCreated
	}
	return sendAudience(c, status, a)
}

func (s *Server) removeAudience(c echo.Context) error {
	expect, err := audienceVersion(c)
	if err != nil {
		return err
	}
	if err := s.opts.Audiences.Remove(c.Request().Context(), callerOf(c), c.Param("name"), expect); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// audienceVersion reads the version that a change is about; 0 where none is given: there must be nothing yet.
func audienceVersion(c echo.Context) (uint64, error) {
	h := c.Request().Header.Get("If-Match")
	if h == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(strings.Trim(h, `"`), 10, 64)
	if err != nil || n == 0 || h != `"`+strconv.FormatUint(n, 10)+`"` {
		return 0, invalid("If-Match", "l'étiquette (ETag) de l'audience est attendue, comme \"3\".", "the entity tag of the audience is expected, as \"3\".")
	}
	return n, nil
}

// parameters reads a query string that knows some names, each once.
func parameters(c echo.Context, known ...string) (map[string]string, error) {
	out := map[string]string{}
	pairs, f := splitQuery(c.Request().URL.RawQuery)
	if f != nil {
		return nil, f
	}
	for _, kv := range pairs {
		if _, twice := out[kv.name]; twice {
			return nil, invalid(echoed(kv.name), "donné plus d'une fois.", "given more than once.")
		}
		if !slices.Contains(known, kv.name) {
			return nil, invalid(echoed(kv.name), "paramètre inconnu.", "unknown parameter.").meant(nearest(echoed(kv.name), known))
		}
		out[kv.name] = kv.value
	}
	return out, nil
}
