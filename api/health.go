package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/internal/obs"
)

// modeTraining is what a training instance says wherever it speaks.
const modeTraining = "FORMATION"

func (s *Server) mode() string {
	if s.opts.Training {
		return modeTraining
	}
	return ""
}

type alive struct {
	Status string  `json:"status"`
	Mode   string  `json:"mode,omitempty"`
	TookMS float64 `json:"took_ms"`
}

// healthz runs a real search: a process that answers "ok" from memory while its index is stuck is not alive. What it finds
// does not matter, an empty directory is healthy.
func (s *Server) healthz(c echo.Context) error {
	start := s.opts.Now()
	ctx, cancel := context.WithTimeout(c.Request().Context(), s.opts.HealthBudget)
	defer cancel()
	q := annuaire.Query{Where: annuaire.Prefix(annuaire.FieldFamily, "ma"), Sort: annuaire.SortRelevance, Limit: 1}
	if _, err := s.dir.SearchProfessionals(ctx, q); err != nil {
		return annuaire.Errorf(annuaire.CodeUnavailable, "healthz", "La recherche de contrôle a échoué.", "The control search failed.", err)
	}
	return sendJSON(c, alive{Status: "ok", Mode: s.mode(), TookMS: s.since(start)})
}

type readiness struct {
	Status     string       `json:"status"` // ready, not_ready
	Mode       string       `json:"mode,omitempty"`
	Version    string       `json:"version,omitempty"`
	Components []obs.Status `json:"components"`

	Maintenance *maintenanceDTO `json:"maintenance,omitempty"`
}

// readyz says whether searches are served, and of each component how it does and why. Both answers have the same shape.
func (s *Server) readyz(c echo.Context) error {
	r := s.opts.Health.Report()
	status, code := "ready", http.StatusOK
	if !r.Ready {
		status, code = "not_ready", http.StatusServiceUnavailable
		c.Response().Header().Set("Retry-After", s.retryAfter())
	}
	return sendStatus(c, code, readiness{status, s.mode(), s.opts.Version, r.Components, s.maintenance()}, nil)
}
