package api

import (
	"context"
	"net/http"

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
	there := offered(s.opts.Alerts != nil, "les alertes ne sont pas disponibles ici", "alerts are not available here")
	v1.GET("/alerts/public", s.alertArchive, s.bounded, there)
	v1.GET("/alerts/public/:id", s.alertPublic, s.bounded, there)
	v1.GET("/alerts/:id/acknowledge/:link", s.alertReceipt, s.bounded, there)
	v1.POST("/alerts/:id/acknowledge/:link", s.alertAcknowledge, s.bounded, there)

	v1.GET("/alerts", s.alertList, s.bounded, there, uncached)
	v1.POST("/alerts", s.alertCreate, s.bounded, there, uncached)
	v1.GET("/alerts/:id", s.alertShow, s.bounded, there, uncached)
	v1.PUT("/alerts/:id", s.alertEdit, s.bounded, there, uncached)
	v1.GET("/alerts/:id/preview", s.alertPreview, s.bounded, there, uncached)
	v1.GET("/alerts/:id/report", s.alertReport, s.bounded, there, uncached)
	v1.GET("/alerts/:id/recipients", s.alertRecipients, s.bounded, there, uncached)
	v1.GET("/alerts/:id/acknowledgements", s.alertAcknowledgements, s.bounded, there, uncached)
	v1.GET("/alerts/:id/evidence", s.alertEvidence, s.bounded, there, uncached)
	v1.GET("/alerts/:id/cap", s.alertCAP, s.bounded, there, uncached)
	v1.POST("/alerts/:id/deliveries", s.alertDeliveries, s.bounded, there, uncached)

	for name, step := range map[string]alertStep{"submit": Alerts.Submit, "approve": Alerts.Approve, "reject": unversioned(Alerts.Reject), "pause": unversioned(Alerts.Pause),
		"cancel": unversioned(Alerts.Cancel), "test": bare(Alerts.Test), "resume": bare(Alerts.Resume)} {
		v1.POST("/alerts/:id/"+name, s.alertStep(step), there, uncached) // freezing half a million recipients, or a slow relay, takes its time
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

// uncached keeps answers from being kept by anyone.
func uncached(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		return next(c)
	}
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
	return sendVersion(c, http.StatusCreated, a.Version, a, nil)
}

func (s *Server) alertEdit(c echo.Context) error {
	var d annuaire.AlertDraft
	version, err := versionIn(c, true)
	if err != nil {
		return err
	}
	if err := readBody(c, &d); err != nil {
		return err
	}
	a, err := s.opts.Alerts.Edit(c.Request().Context(), callerOf(c), c.Param("id"), d, version)
	return sendVersion(c, http.StatusOK, a.Version, a, err)
}

func (s *Server) alertShow(c echo.Context) error {
	a, err := s.opts.Alerts.Alert(c.Request().Context(), callerOf(c), c.Param("id"))
	return sendVersion(c, http.StatusOK, a.Version, a, err)
}

func (s *Server) alertStep(step alertStep) echo.HandlerFunc {
	return func(c echo.Context) error {
		var o annuaire.AlertOrder
		if err := readBodyIfAny(c, &o); err != nil {
			return err
		}
		version, err := versionIn(c, true)
		if err != nil {
			return err
		}
		a, err := step(s.opts.Alerts, c.Request().Context(), callerOf(c), c.Param("id"), o, version)
		return sendVersion(c, http.StatusOK, a.Version, a, err)
	}
}
