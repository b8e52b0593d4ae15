package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
)

// Syncs is the sync as an administrator sees it. Starting and approving return at once: the run goes on by itself.
type Syncs interface {
	// Runs lists up to n runs, the newest first, that came before one ("": from the last on).
	Runs(ctx context.Context, before string, n int) ([]annuaire.SyncRun, error)
	// Run returns a run; CodeNotFound.
	Run(ctx context.Context, id string) (annuaire.SyncRun, error)
	// Start begins a run from configured sources (none: all of them, in their order); CodeConflict when one is running.
	Start(ctx context.Context, by string, from []string, allowOlder bool) (annuaire.SyncRun, error)
	// Approve lets a run pass that awaits it, Abort ends one; CodeConflict for a run of another state.
	Approve(ctx context.Context, id string, d annuaire.Decision) (annuaire.SyncRun, error)
	Abort(ctx context.Context, id string, d annuaire.Decision) (annuaire.SyncRun, error)
}

// syncRoutes are for administrators: the examples of a gate are personal data, and a run changes what everybody sees.
func (s *Server) syncRoutes(v1 *echo.Group) {
	there := offered(s.opts.Syncs != nil, "la synchronisation n'est pas disponible ici", "the sync is not available here")
	v1.GET("/sync/runs", s.syncRuns, s.bounded, there)
	v1.POST("/sync/runs", s.syncStart, s.bounded, there)
	v1.GET("/sync/runs/:id", s.syncRun, s.bounded, there)
	v1.POST("/sync/runs/:id/approve", s.syncDecide("sync.approve", Syncs.Approve, http.StatusAccepted), s.bounded, there)
	v1.POST("/sync/runs/:id/abort", s.syncDecide("sync.abort", Syncs.Abort, http.StatusOK), s.bounded, there)
}

func (s *Server) syncRuns(c echo.Context) error {
	return listed(c, "/v1/sync/runs", func(before string, n int) ([]annuaire.SyncRun, error) {
		runs, err := s.opts.Syncs.Runs(c.Request().Context(), before, n)
		return lo.Map(runs, func(r annuaire.SyncRun, _ int) annuaire.SyncRun { return shownRun(c, r, false) }), err
	}, func(r annuaire.SyncRun) string { return r.ID })
}

func (s *Server) syncRun(c echo.Context) error {
	r, err := s.opts.Syncs.Run(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if r.Gate != nil && r.State != annuaire.RunPublished { // who would leave or change, of an extract that is not published
		if err := s.note(c, "sync.read", r.ID, "", nil); err != nil {
			return err
		}
	}
	return sendJSON(c, shownRun(c, r, true))
}

func (s *Server) syncStart(c echo.Context) error {
	var body struct {
		From       []string `json:"from"`
		AllowOlder bool     `json:"allow_older"`
	}
	if err := readBodyIfAny(c, &body); err != nil {
		return err
	}
	if err := s.note(c, "sync.start", strings.Join(body.From, " "), "", nil); err != nil {
		return err
	}
	r, err := s.opts.Syncs.Start(c.Request().Context(), whoIs(c), body.From, body.AllowOlder)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/sync/runs/"+r.ID)
	return sendStatus(c, http.StatusAccepted, shownRun(c, r, true), nil)
}

func (s *Server) syncDecide(what string, do func(Syncs, context.Context, string, annuaire.Decision) (annuaire.SyncRun, error), status int) echo.HandlerFunc {
	return func(c echo.Context) error {
		var body struct {
			Reason string `json:"reason"`
		}
		if err := readBody(c, &body); err != nil {
			return err
		}
		if err := s.note(c, what, c.Param("id"), body.Reason, nil); err != nil {
			return err
		}
		r, err := do(s.opts.Syncs, c.Request().Context(), c.Param("id"), annuaire.Decision{By: whoIs(c), Reason: body.Reason})
		return sendStatus(c, status, shownRun(c, r, true), err)
	}
}

// whoIs names the caller in what is recorded.
func whoIs(c echo.Context) string {
	if who := callerOf(c); who.ID != "local" {
		return "token " + who.ID
	}
	return "control socket"
}

// shownRun words the error in the client's language; a list goes without examples.
func shownRun(c echo.Context, r annuaire.SyncRun, whole bool) annuaire.SyncRun {
	if english(c.Request()) && r.English != "" {
		r.Error = r.English
	}
	r.English = ""
	if r.Gate != nil && !whole {
		g := *r.Gate
		g.Examples, g.Findings = nil, append([]annuaire.GateFinding{}, g.Findings...)
		for i := range g.Findings {
			g.Findings[i].Examples = []annuaire.GateExample{}
		}
		r.Gate = &g
	}
	return r
}

// Criteria reads a query string of GET /v1/professionals as a question, for who configures one: "profession=10&department=69".
// CodeInvalid names the parameter at fault.
func Criteria(raw string) (annuaire.Expr, error) {
	req, f := newRoute("/v1/professionals", onProfessionals, keysOf(professionalDTO{})).parse(raw)
	if f != nil {
		return annuaire.Expr{}, f.err
	}
	return req.where(req.text()), nil
}
