package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/internal/names"
)

// fail is the one place where an error becomes an answer (echo.HTTPErrorHandler).
func (s *Server) fail(err error, c echo.Context) {
	p := problemOf(c.Request(), err)
	left := errors.Is(c.Request().Context().Err(), context.Canceled) // a client that left is no failure
	if p.Status >= http.StatusInternalServerError && !left {
		s.log.LogAttrs(c.Request().Context(), slog.LevelError, "request failed",
			slog.String("route", pattern(c)), slog.String("cause", cause(c, err)))
	}
	if c.Response().Committed { // too late to say so
		return
	}
	if p.Status == http.StatusServiceUnavailable {
		c.Response().Header().Set("Retry-After", s.retryAfter())
	}
	answer := p.send
	if s.asksPage(c) {
		answer = func(c echo.Context) error { return s.sendAsPage(c, p) }
	}
	if err := answer(c); err != nil {
		s.log.LogAttrs(c.Request().Context(), slog.LevelDebug, "answer not written", slog.String("cause", types(err)))
	}
	if left {
		c.Response().Status = statusLeft
	}
}

// statusLeft is what log and metrics have of a client that left before its answer, as other servers write it: were it the 503 that nobody
// reads, whoever hangs up often enough would raise the alarm for failures.
const statusLeft = 499

// problemOf translates an error. The text of whatever is not an annuaire.Error meant for the client never leaves.
func problemOf(r *http.Request, err error) *Problem {
	var f *fault
	var e *annuaire.Error
	var h *echo.HTTPError
	var gap *annuaire.GapError
	blames, missed := errors.As(err, &f), errors.As(err, &gap)
	switch late := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled); {
	case late && !blames && !missed:
		return newProblem(r, annuaire.CodeUnavailable, http.StatusServiceUnavailable, wording{})
	case errors.As(err, &e) && e.Code != annuaire.CodeInternal:
		p := newProblem(r, e.Code, annuaire.OutcomeOf(e.Code).HTTP, wording{e.Message, e.English})
		if p.Rule = e.Rule; p.Rule != "" || blames {
			p.Parameter = e.Op // of who breaks a rule, the field that does
		}
		if blames {
			p.Nearest = f.nearest
		}
		if missed {
			p.Restart = &restart{Since: gap.Restart, Export: exports}
		}
		return p
	case errors.As(err, &h):
		if code, ok := routing[h.Code]; ok {
			return newProblem(r, code, h.Code, wording{})
		}
	}
	return newProblem(r, annuaire.CodeInternal, http.StatusInternalServerError, wording{})
}

// routing are the codes of what the router or the limits on the body refuse.
var routing = map[int]annuaire.Code{http.StatusNotFound: annuaire.CodeNotFound, http.StatusMethodNotAllowed: codeMethod,
	http.StatusRequestEntityTooLarge: codeTooLarge, http.StatusUnsupportedMediaType: codeMedia}

// blamed gives an error of the Directory about a value the parameter that the client wrote; blame names it by the field.
func blamed(err error, blame func(field string) string) error {
	var e *annuaire.Error
	if !errors.As(err, &e) || e.Code != annuaire.CodeInvalid {
		return err
	}
	named := *e
	named.Op = blame(e.Op)
	return &fault{err: &named}
}

// cause is what the log says of an internal error: its text, or only the types of its chain where the text holds a word of
// the request. Errors should not quote what was asked; the log does not rely on it.
func cause(c echo.Context, err error) string {
	r := c.Request()
	text := " " + names.Fold(err.Error()) + " "
	quoted := func(s string) bool {
		for w := range strings.FieldsSeq(names.Fold(s)) {
			if len(w) > 2 && strings.Contains(text, w) {
				return true
			}
		}
		return false
	}
	if r.Method == http.MethodPost { // its body is gone, and may be what the error quotes
		return types(err)
	}
	// Of a path, only the last part may be the client's own.
	if strings.Contains(c.Path(), ":") && quoted(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]) {
		return types(err)
	}
	for name, values := range r.URL.Query() {
		if !option(name) && slices.ContainsFunc(values, quoted) {
			return types(err)
		}
	}
	return err.Error()
}

// option reports whether a parameter takes words of ours only.
func option(name string) bool {
	return slices.ContainsFunc(params, func(p param) bool {
		return p.name == name && (p.kind == kindOption || p.kind == kindOptions || p.kind == kindLimit)
	})
}

// types names the types of a chain of errors.
func types(err error) string {
	var out []string
	for ; err != nil; err = errors.Unwrap(err) {
		out = append(out, fmt.Sprintf("%T", err))
	}
	return strings.Join(out, " > ")
}
