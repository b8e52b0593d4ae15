package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// Audit is the log of what was done and by whom.
type Audit interface {
	// AuditNow appends an event, durably.
	AuditNow(annuaire.AuditEvent) error
	// EachAudit calls fn with the lines that a filter chooses, in order.
	EachAudit(f annuaire.AuditFilter, fn func(annuaire.AuditRecord) error) error
}

// note writes into the audit what the caller is about to do, or to read of what is not published. What cannot be recorded is not done.
func (s *Server) note(c echo.Context, what, target, why string, after any) error {
	if s.opts.Audit == nil {
		return nil
	}
	e := callerOf(c).Event(what, target)
	e.Why, e.After = why, after
	if err := s.opts.Audit.AuditNow(e); err != nil {
		return annuaire.Errorf(annuaire.CodeUnavailable, "audit", "l'action ne peut pas être inscrite au journal d'audit : elle n'est pas faite", "this cannot be written to the audit, and is not done", err)
	}
	return nil
}

// maxLast bounds last of GET /v1/audit.
const maxLast = 100_000

// auditFilter reads the question of GET /v1/audit.
func auditFilter(c echo.Context) (f annuaire.AuditFilter, err error) {
	q, err := parameters(c, "since", "until", "who", "what", "last")
	if err != nil {
		return f, err
	}
	f.Who, f.What = q["who"], q["what"]
	if f.Since, err = timeIn(q, "since"); err != nil {
		return f, err
	}
	if f.Until, err = timeIn(q, "until"); err != nil {
		return f, err
	}
	f.Last, err = numberIn(q, "last", 1, maxLast, 0)
	return f, err
}

// audit streams lines of the audit, after writing that it was read.
func (s *Server) audit(c echo.Context) error {
	if s.opts.Audit == nil {
		return annuaire.Errorf(annuaire.CodeUnavailable, "", "le journal d'audit n'est pas disponible ici", "the audit is not available here", nil)
	}
	f, err := auditFilter(c)
	if err != nil {
		return err
	}
	if err := s.note(c, "audit.read", "", "", map[string]string{"question": c.QueryParams().Encode()}); err != nil {
		return err
	}
	out := newStream(c, mimeNDJSON)
	if err := s.opts.Audit.EachAudit(f, func(r annuaire.AuditRecord) error { return out.line(r) }); err != nil {
		return out.failed(err)
	}
	return out.end()
}

// headerUser names, on the control socket, the person at the keyboard.
const headerUser = "X-Annuaire-User"

// Local serves whoever came through the control socket: the administrator of this machine, to whom no limit applies; or, where a command sends
// a token, whoever holds it, with its roles and limits: alerts take two people.
func Local(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user := strings.Map(func(c rune) rune {
			if c <= ' ' || c == 0x7f {
				return -1
			}
			return c
		}, echoed(r.Header.Get(headerUser)))
		who := annuaire.LocalCaller(user)
		if r.Header.Get(echo.HeaderAuthorization) != "" {
			who = annuaire.Caller{From: who.From} // authenticated finds out
		}
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, who)))
	})
}
