package api

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// The pages that alerts have: the receipt of a message, and the evidence, to print.
//
//go:embed pages/receipt.html pages/evidence.html
var alertPageFiles embed.FS

//go:embed pages/alert.css
var alertStyle string

var alertPages = template.Must(template.New("").Funcs(template.FuncMap{
	"when": func(t time.Time) string {
		if t.IsZero() {
			return "—"
		}
		return t.UTC().Format("02/01/2006 15:04:05 UTC")
	},
	"style": func() template.CSS { return template.CSS(alertStyle) },
}).ParseFS(alertPageFiles, "pages/*.html"))

// alertPolicy lets a page show itself and nothing else.
var alertPolicy = func() string {
	sum := sha256.Sum256([]byte(alertStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

func sendAlertPage(c echo.Context, status int, name string, data any) error {
	var b bytes.Buffer
	if err := alertPages.ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", alertPolicy)
	h.Set("Referrer-Policy", "no-referrer") // the link is a secret of its recipient
	h.Set(echo.HeaderCacheControl, "no-store")
	return send(c, status, echo.MIMETextHTMLCharsetUTF8, b.Bytes())
}

// wantsPage reports whether a browser asks.
func wantsPage(c echo.Context) bool {
	return strings.Contains(c.Request().Header.Get(echo.HeaderAccept), echo.MIMETextHTML)
}

// alertReceipt shows what a link acknowledges, and a button. It records nothing: scanners of mail systems follow links.
func (s *Server) alertReceipt(c echo.Context) error {
	r, err := s.opts.Alerts.Receipt(c.Request().Context(), c.Param("id"), c.Param("link"))
	return s.sendReceipt(c, r, err)
}

// alertAcknowledge records that the message was read.
func (s *Server) alertAcknowledge(c echo.Context) error {
	r, err := s.opts.Alerts.Acknowledge(c.Request().Context(), c.Param("id"), c.Param("link"))
	return s.sendReceipt(c, r, err)
}

type receiptPage struct {
	annuaire.AlertReceipt
	Problem  string
	Training bool
}

func (s *Server) sendReceipt(c echo.Context, r annuaire.AlertReceipt, err error) error {
	if !wantsPage(c) {
		return sendStatus(c, http.StatusOK, r, err)
	}
	if err == nil {
		return sendAlertPage(c, http.StatusOK, "receipt.html", receiptPage{r, "", s.opts.Training})
	}
	code := annuaire.CodeOf(err)
	if code == annuaire.CodeInternal {
		return err
	}
	return sendAlertPage(c, annuaire.OutcomeOf(code).HTTP, "receipt.html", receiptPage{Problem: "Ce lien n'est pas valable, ou plus. / This link is not valid, or no longer.", Training: s.opts.Training})
}

type evidencePage struct {
	annuaire.AlertEvidence
	Training bool
}

func (s *Server) alertEvidence(c echo.Context) error {
	usual := []string{"json", "html"}
	if wantsPage(c) {
		usual = []string{"html", "json"}
	}
	format, err := formatOf(c, usual...)
	if err != nil {
		return err
	}
	e, err := s.opts.Alerts.Evidence(c.Request().Context(), callerOf(c), c.Param("id"))
	if format == "json" || err != nil {
		return sendStatus(c, http.StatusOK, e, err)
	}
	return sendAlertPage(c, http.StatusOK, "evidence.html", evidencePage{e, s.opts.Training})
}
