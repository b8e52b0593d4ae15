package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"annuaire/api/web"
)

// asksPage reports whether an error is to be answered as a page: at the address of one, or, at an address that nothing is at, to a
// browser, which asks for HTML by name.
func (s *Server) asksPage(c echo.Context) bool {
	r := c.Request()
	switch {
	case s.pages == nil:
		return false
	case s.pages.at[c.Path()]:
		return true
	case r.Method != http.MethodGet && r.Method != http.MethodHead, c.Path() != "" && c.Path() != "/*":
		return false
	}
	return !strings.HasPrefix(r.URL.Path, "/v1") && strings.Contains(r.Header.Get(echo.HeaderAccept), echo.MIMETextHTML)
}

// sendAsPage answers a problem as a page.
func (s *Server) sendAsPage(c echo.Context, p *Problem) error {
	v := s.view(c)
	wait, _ := strconv.Atoi(c.Response().Header().Get(echo.HeaderRetryAfter)) // absent: 0
	body, err := s.pages.site.Problem(v, web.Problem{Status: p.Status, Detail: p.Detail, RequestID: p.RequestID, Wait: wait})
	return sendPage(c, v, p.Status, body, err)
}
