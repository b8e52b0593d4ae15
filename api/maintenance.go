package api

import (
	"math"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// headerMaintenance announces a planned interruption in every answer: an interval of ISO 8601, from/until.
const headerMaintenance = "X-Annuaire-Maintenance"

// planned is the maintenance to announce: what has ended is none.
func (s *Server) planned() *annuaire.Maintenance {
	m := s.opts.Maintenance
	if m == nil || !s.opts.Now().Before(m.Until) {
		return nil
	}
	return m
}

// announced puts the planned maintenance into the headers of every answer.
func (s *Server) announced(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if m := s.planned(); m != nil {
			c.Response().Header().Set(headerMaintenance, m.From.UTC().Format(time.RFC3339)+"/"+m.Until.UTC().Format(time.RFC3339))
		}
		return next(c)
	}
}

// retryAfter is how many seconds to wait before asking again a service that is unavailable: a few, or the rest of the maintenance under way.
func (s *Server) retryAfter() string {
	if m := s.planned(); m != nil && !s.opts.Now().Before(m.From) {
		return strconv.Itoa(int(math.Ceil(m.Until.Sub(s.opts.Now()).Seconds())))
	}
	return "5"
}

// maintenanceDTO is the maintenance as /readyz says it.
type maintenanceDTO struct {
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
	Message  string    `json:"message,omitempty"`
	English  string    `json:"message_en,omitempty"`
	UnderWay bool      `json:"under_way"`
}

func (s *Server) maintenance() *maintenanceDTO {
	m := s.planned()
	if m == nil {
		return nil
	}
	return &maintenanceDTO{From: m.From.UTC(), Until: m.Until.UTC(), Message: m.French, English: m.English, UnderWay: !s.opts.Now().Before(m.From)}
}
