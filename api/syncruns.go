package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

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

// maxRuns is how many runs one answer lists.
const maxRuns = 200

type startBody struct {
	From       []string `json:"from"`
	AllowOlder bool     `json:"allow_older"`
}

type decisionBody struct {
	Reason string `json:"reason"`
}

type runsAnswer struct {
	Items []annuaire.SyncRun `json:"items"`
	Next  *string            `json:"next"`
}

// syncRoutes are for administrators: the examples of a gate are personal data, and a run changes what everybody sees.
func (s *Server) syncRoutes(v1 *echo.Group) {
	v1.GET("/sync/runs", s.syncRuns, s.bounded, s.syncing)
	v1.POST("/sync/runs", s.syncStart, s.bounded, s.syncing)
	v1.GET("/sync/runs/:id", s.syncRun, s.bounded, s.syncing)
	v1.POST("/sync/runs/:id/approve", s.syncDecide("sync.approve", Syncs.Approve, http.StatusAccepted), s.bounded, s.syncing)
	v1.POST("/sync/runs/:id/abort", s.syncDecide("sync.abort", Syncs.Abort, http.StatusOK), s.bounded, s.syncing)
}

// syncing refuses where nothing can be synced.
func (s *Server) syncing(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.opts.Syncs == nil {
			return annuaire.Errorf(annuaire.CodeUnavailable, "", "la synchronisation n'est pas disponible ici", "the sync is not available here", nil)
		}
		return next(c)
	}
}

func (s *Server) syncRuns(c echo.Context) error {
	limit, before := annuaire.DefaultLimit, ""
	for name, values := range c.Request().URL.Query() {
		switch v := values[0]; {
		case len(values) > 1:
			return invalid(name, "donné plus d'une fois.", "given more than once.")
		case name == "before":
			before = v
		case name == "limit":
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 || n > maxRuns {
				return invalid("limit", "un nombre de 1 à %d est attendu.", "a number from 1 to %d is expected.", maxRuns)
			}
			limit = n
		default:
			guess := nearest(echoed(name), []string{"before", "limit"})
			return invalid(echoed(name), "paramètre inconnu ; le plus proche est « %s ».", "unknown parameter; the nearest is %q.", guess).meant(guess)
		}
	}
	runs, err := s.opts.Syncs.Runs(c.Request().Context(), before, limit)
	if err != nil {
		return err
	}
	out := runsAnswer{Items: make([]annuaire.SyncRun, 0, len(runs))}
	for _, r := range runs {
		out.Items = append(out.Items, shownRun(c, r, false))
	}
	if len(runs) == limit {
		next := "/v1/sync/runs?limit=" + strconv.Itoa(limit) + "&before=" + runs[limit-1].ID
		out.Next = &next
	}
	return sendJSON(c, out)
}

func (s *Server) syncRun(c echo.Context) error {
	r, err := s.opts.Syncs.Run(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return sendJSON(c, shownRun(c, r, true))
}

func (s *Server) syncStart(c echo.Context) error {
	var body startBody
	if c.Request().ContentLength != 0 {
		if err := readBody(c, &body); err != nil {
			return err
		}
	}
	if err := s.note(c, "sync.start", strings.Join(body.From, " "), "", nil); err != nil {
		return err
	}
	r, err := s.opts.Syncs.Start(c.Request().Context(), whoIs(c), body.From, body.AllowOlder)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/sync/runs/"+r.ID)
	return s.sendRun(c, http.StatusAccepted, r)
}

func (s *Server) syncDecide(what string, do func(Syncs, context.Context, string, annuaire.Decision) (annuaire.SyncRun, error), status int) echo.HandlerFunc {
	return func(c echo.Context) error {
		var body decisionBody
		if err := readBody(c, &body); err != nil {
			return err
		}
		if err := s.note(c, what, c.Param("id"), body.Reason, nil); err != nil {
			return err
		}
		r, err := do(s.opts.Syncs, c.Request().Context(), c.Param("id"), annuaire.Decision{By: whoIs(c), Reason: body.Reason})
		if err != nil {
			return err
		}
		return s.sendRun(c, status, r)
	}
}

func (s *Server) sendRun(c echo.Context, status int, r annuaire.SyncRun) error {
	b, err := encode(shownRun(c, r, true))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return send(c, status, echo.MIMEApplicationJSON, b)
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
