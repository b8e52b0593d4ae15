package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

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
func auditFilter(q url.Values) (f annuaire.AuditFilter, err error) {
	for name, values := range q {
		v := values[0]
		if len(values) > 1 {
			return f, invalid(echoed(name), "donné plus d'une fois.", "given more than once.")
		}
		switch name {
		case "since", "until":
			t, err := time.Parse(time.RFC3339, v)
			if err != nil {
				return f, invalid(name, "une date est attendue, comme 2026-11-01T00:00:00Z.", "a time is expected, such as 2026-11-01T00:00:00Z.")
			}
			if name == "since" {
				f.Since = t
			} else {
				f.Until = t
			}
		case "who":
			f.Who = v
		case "what":
			f.What = v
		case "last":
			if f.Last, err = strconv.Atoi(v); err != nil || f.Last < 1 || f.Last > maxLast {
				return f, invalid(name, "un nombre de 1 à %d est attendu.", "a number from 1 to %d is expected.", maxLast)
			}
		default:
			guess := nearest(echoed(name), []string{"since", "until", "who", "what", "last"})
			return f, invalid(echoed(name), "paramètre inconnu ; le plus proche est « %s ».", "unknown parameter; the nearest is %q.", guess).meant(guess)
		}
	}
	return f, nil
}

// audit streams lines of the audit, after writing that it was read.
func (s *Server) audit(c echo.Context) error {
	if s.opts.Audit == nil {
		return annuaire.Errorf(annuaire.CodeUnavailable, "", "le journal d'audit n'est pas disponible ici", "the audit is not available here", nil)
	}
	f, err := auditFilter(c.QueryParams())
	if err != nil {
		return err
	}
	if err := s.note(c, "audit.read", "", "", map[string]string{"question": c.QueryParams().Encode()}); err != nil {
		return err
	}
	out := newStream(c, "application/x-ndjson")
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
