package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// Alerts is the desk of the health authority. It checks who may do what itself: author and approver are two people, whatever a front believes.
type Alerts interface {
	Create(ctx context.Context, who annuaire.Caller, d annuaire.AlertDraft) (annuaire.Alert, error)
	Edit(ctx context.Context, who annuaire.Caller, id string, d annuaire.AlertDraft, version uint64) (annuaire.Alert, error)
	Alert(ctx context.Context, who annuaire.Caller, id string) (annuaire.Alert, error)
	List(ctx context.Context, who annuaire.Caller, before string, n int) ([]annuaire.Alert, error)
	Preview(ctx context.Context, who annuaire.Caller, id string) (annuaire.AlertPreview, error)

	Test(ctx context.Context, who annuaire.Caller, id string) (annuaire.Alert, error)
	Submit(ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder, version uint64) (annuaire.Alert, error)
	Approve(ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder, version uint64) (annuaire.Alert, error)
	Reject(ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder) (annuaire.Alert, error)
	Pause(ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder) (annuaire.Alert, error)
	Resume(ctx context.Context, who annuaire.Caller, id string) (annuaire.Alert, error)
	Cancel(ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder) (annuaire.Alert, error)

	Report(ctx context.Context, who annuaire.Caller, id string) (annuaire.AlertReport, error)
	Recipients(ctx context.Context, who annuaire.Caller, id string, after, n int, state string) ([]annuaire.AlertRecipient, error)
	Evidence(ctx context.Context, who annuaire.Caller, id string) (annuaire.AlertEvidence, error)
	CAP(ctx context.Context, who annuaire.Caller, id string) ([]byte, error)
	Deliveries(ctx context.Context, who annuaire.Caller, id string, items []annuaire.AlertDelivery) (recorded, unknown int, err error)

	Published(ctx context.Context, before string, n int) ([]annuaire.AlertPublic, error)
	PublishedAlert(ctx context.Context, id string) (annuaire.AlertPublic, error)
	PublishedCAP(ctx context.Context, id string) ([]byte, error)
	Receipt(ctx context.Context, id, link string) (annuaire.AlertReceipt, error)
	Acknowledge(ctx context.Context, id, link string) (annuaire.AlertReceipt, error)
}

// alertRoutes are for the health authority, but the archive and the acknowledgements, which are for everybody.
func (s *Server) alertRoutes(v1 *echo.Group) {
	authority := func(h echo.HandlerFunc) echo.HandlerFunc { return s.alerting(s.authority(h)) }
	v1.GET("/alerts/public", s.alerting(s.alertArchive), s.bounded)
	v1.GET("/alerts/public/:id", s.alerting(s.alertPublic), s.bounded)
	v1.GET("/alerts/:id/acknowledge/:link", s.alerting(s.alertReceipt), s.bounded)
	v1.POST("/alerts/:id/acknowledge/:link", s.alerting(s.alertAcknowledge), s.bounded)

	v1.GET("/alerts", authority(s.alertList), s.bounded)
	v1.POST("/alerts", authority(s.alertCreate), s.bounded)
	v1.GET("/alerts/:id", authority(s.alertShow), s.bounded)
	v1.PUT("/alerts/:id", authority(s.alertEdit), s.bounded)
	v1.GET("/alerts/:id/preview", authority(s.alertPreview), s.bounded)
	v1.GET("/alerts/:id/report", authority(s.alertReport), s.bounded)
	v1.GET("/alerts/:id/recipients", authority(s.alertRecipients), s.bounded)
	v1.GET("/alerts/:id/acknowledgements", authority(s.alertAcknowledgements), s.bounded)
	v1.GET("/alerts/:id/evidence", authority(s.alertEvidence), s.bounded)
	v1.GET("/alerts/:id/cap", authority(s.alertCAP), s.bounded)
	v1.POST("/alerts/:id/deliveries", authority(s.alertDeliveries), s.bounded)

	for name, step := range map[string]alertStep{"submit": Alerts.Submit, "approve": Alerts.Approve, "reject": unversioned(Alerts.Reject), "pause": unversioned(Alerts.Pause),
		"cancel": unversioned(Alerts.Cancel), "test": bare(Alerts.Test), "resume": bare(Alerts.Resume)} {
		v1.POST("/alerts/:id/"+name, authority(s.alertStep(step))) // freezing half a million recipients, or a slow relay, takes its time
	}
}

// alertStep is one step of an alert; version is that of If-Match, 0 for none.
type alertStep func(a Alerts, ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder, version uint64) (annuaire.Alert, error)

func unversioned(f func(Alerts, context.Context, annuaire.Caller, string, annuaire.AlertOrder) (annuaire.Alert, error)) alertStep {
	return func(a Alerts, ctx context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder, _ uint64) (annuaire.Alert, error) {
		return f(a, ctx, who, id, o)
	}
}

func bare(f func(Alerts, context.Context, annuaire.Caller, string) (annuaire.Alert, error)) alertStep {
	return func(a Alerts, ctx context.Context, who annuaire.Caller, id string, _ annuaire.AlertOrder, _ uint64) (annuaire.Alert, error) {
		return f(a, ctx, who, id)
	}
}

// alerting refuses where there are no alerts.
func (s *Server) alerting(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.opts.Alerts == nil {
			return annuaire.Errorf(annuaire.CodeUnavailable, "", "les alertes ne sont pas disponibles ici", "alerts are not available here", nil)
		}
		return next(c)
	}
}

// authority asks whoever shows nothing for a token. Which role a step takes is for Alerts to say.
func (s *Server) authority(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if callerOf(c).Anonymous() {
			return s.challenge(c, annuaire.Errorf(annuaire.CodeUnauthorized, "", "un jeton de l'autorité sanitaire est nécessaire (annuaire token new --role alert:author)",
				"a token of the health authority is needed (annuaire token new --role alert:author)", nil))
		}
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		return next(c)
	}
}

// alertVersion reads the version of If-Match, 0 where there is none.
func alertVersion(c echo.Context) (uint64, error) {
	h := c.Request().Header.Get("If-Match")
	if h == "" || h == "*" {
		return 0, nil
	}
	n, err := strconv.ParseUint(strings.Trim(h, `"`), 10, 64)
	if err != nil || n == 0 {
		return 0, invalid("If-Match", "l'ETag de l'alerte est attendu.", "the ETag of the alert is expected.")
	}
	return n, nil
}

func sendAlert(c echo.Context, status int, a annuaire.Alert) error {
	b, err := encode(a)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("ETag", `"`+strconv.FormatUint(a.Version, 10)+`"`)
	return send(c, status, echo.MIMEApplicationJSON, b)
}

func (s *Server) alertCreate(c echo.Context) error {
	var d annuaire.AlertDraft
	if err := readBody(c, &d); err != nil {
		return err
	}
	a, err := s.opts.Alerts.Create(c.Request().Context(), callerOf(c), d)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/alerts/"+a.ID)
	return sendAlert(c, http.StatusCreated, a)
}

func (s *Server) alertEdit(c echo.Context) error {
	var d annuaire.AlertDraft
	version, err := alertVersion(c)
	if err != nil {
		return err
	}
	if err := readBody(c, &d); err != nil {
		return err
	}
	a, err := s.opts.Alerts.Edit(c.Request().Context(), callerOf(c), c.Param("id"), d, version)
	if err != nil {
		return err
	}
	return sendAlert(c, http.StatusOK, a)
}

func (s *Server) alertShow(c echo.Context) error {
	a, err := s.opts.Alerts.Alert(c.Request().Context(), callerOf(c), c.Param("id"))
	if err != nil {
		return err
	}
	return sendAlert(c, http.StatusOK, a)
}

func (s *Server) alertStep(step alertStep) echo.HandlerFunc {
	return func(c echo.Context) error {
		var o annuaire.AlertOrder
		if c.Request().ContentLength != 0 {
			if err := readBody(c, &o); err != nil {
				return err
			}
		}
		version, err := alertVersion(c)
		if err != nil {
			return err
		}
		a, err := step(s.opts.Alerts, c.Request().Context(), callerOf(c), c.Param("id"), o, version)
		if err != nil {
			return err
		}
		return sendAlert(c, http.StatusOK, a)
	}
}
